// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.PyLiteral;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a parent tells the kit when that is its child. Immutable.
 *
 * @param configuration as it came: a Python-style parent's and this library's have most of their keys in common
 */
public record Told(Map<?, ?> configuration) {
    private static final String CALL = "ExternalContext(";
    private static final String END = ").main()";

    /** Boots as Mitogen for Python does, up to the line with {@code MITO002}. */
    static Told likePython(Link.Streams link) throws IOException, Deviation {
        say(link, Booting.FIRST);
        String text = new String(inflated(link), StandardCharsets.UTF_8).stripTrailing();
        String last = text.substring(text.lastIndexOf('\n') + 1);
        Object value = null;
        if (last.startsWith(CALL) && last.endsWith(END)) {
            value = parse(last.substring(CALL.length(), last.length() - END.length()));
        }
        if (!(value instanceof Map)) {
            throw new Deviation("a last line " + CALL + "{...}" + END, last.substring(0, Math.min(200, last.length())));
        }
        say(link, Booting.SECOND);
        say(link, Booting.LAST);
        return new Told((Map<?, ?>) value);
    }

    private static Object parse(String literal) throws Deviation {
        try {
            return PyLiteral.parse(literal);
        } catch (PickleError e) {
            throw new Deviation("a literal of a dict", e.getMessage());
        }
    }

    /** Boots as this library's child does, from where its own first stage begins. */
    static Told likeJvm(Link.Streams link) throws IOException, Deviation {
        say(link, Booting.FIRST);
        DataInputStream in = new DataInputStream(link.in());
        byte[] configuration = in.readNBytes(in.readInt());
        in.skipNBytes(in.readInt());
        say(link, Booting.SECOND);
        say(link, Booting.LAST);
        return new Told((Map<?, ?>) PickleIn.read(configuration));
    }

    private static void say(Link.Streams link, String line) throws IOException {
        link.out().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        link.out().flush();
    }

    /** Reads one zlib stream, and not one byte more. */
    private static byte[] inflated(Link.Streams link) throws IOException, Deviation {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        Inflater inflater = new Inflater();
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(some);
                text.write(some, 0, count);
                if (count == 0 && !inflater.finished()) {
                    int next = link.in().read();
                    if (next < 0) {
                        throw new EOFException("the link ended in the middle of the preamble");
                    }
                    inflater.setInput(new byte[] {(byte) next});
                }
            }
        } catch (DataFormatException e) {
            throw new Deviation("a preamble that zlib inflates", e.getMessage());
        } finally {
            inflater.end();
        }
        return text.toByteArray();
    }

    public int id() {
        return number("context_id");
    }

    /** Returns the ids of all ancestors, nearest first. */
    public List<Integer> parentIds() {
        return ((List<?>) configuration.get("parent_ids"))
                .stream().map(id -> ((BigInteger) id).intValue()).toList();
    }

    public int number(String key) {
        return ((BigInteger) configuration.get(key)).intValue();
    }
}
