// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PyLiteral;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The start of the kit as a child of what it tests, as a Python interpreter would begin it, and in the ways that are hardest for a parent: lines
 * that mean nothing, markers in the middle of lines and in pieces, a frame in one piece with the last marker. One thread; the steps come in the
 * order in which they stand here.
 */
public final class ParentBoot {
    private static final int MAX_TEXT_BYTES = 16 * 1024 * 1024;
    private static final int CHUNK_BYTES = 8192;
    private static final int LONG_LINE = 5000;
    private static final String CALL_START = "ExternalContext(";
    private static final String CALL_END = ").main()";

    private final Link.Streams streams;
    private final Session session;
    private byte[] text;
    private int surplus;
    private Map<?, ?> configuration;

    public ParentBoot(Link.Streams streams, Session session) {
        this.streams = streams;
        this.session = session;
    }

    // == Steps ==

    /** Says the first marker and reads what comes until the stream of zlib ends. */
    public void readPreamble() throws Deviation {
        say("\n");
        say("a line of a shell's profile\n" + "x".repeat(LONG_LINE) + "\n\u00e4\u20ac\n");
        say("and MI");
        say("TO000 in the middle of it\n");
        session.transcript().sent("start", "the line with MITO000");
        try {
            text = TimedRead.await("preamble", this::inflate, session.patience());
        } catch (TimeoutException e) {
            throw new Deviation(
                    "what a child boots from",
                    "not all of it came within " + session.patience().toMillis() / 1000.0 + " s");
        } catch (IOException e) {
            throw new Deviation("what a child boots from", e.getMessage());
        }
        session.transcript().received("start", "a preamble of " + text.length + " bytes when inflated");
    }

    private byte[] inflate() throws IOException {
        InputStream in = streams.in();
        Inflater inflater = new Inflater();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] plain = new byte[CHUNK_BYTES];
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int count = in.read(chunk);
                    if (count < 0) {
                        throw new IOException("the link ended after " + inflater.getBytesRead() + " bytes");
                    }
                    inflater.setInput(chunk, 0, count);
                }
                all.write(plain, 0, inflater.inflate(plain));
                if (all.size() > MAX_TEXT_BYTES || inflater.needsDictionary()) {
                    throw new IOException("it is no text of a core");
                }
            }
            surplus = inflater.getRemaining();
            return all.toByteArray();
        } catch (DataFormatException e) {
            throw new IOException("no stream of zlib: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    /** Returns the bytes that came with the preamble, behind its end. */
    public int surplus() throws Deviation {
        try {
            return surplus + streams.in().available();
        } catch (IOException e) {
            throw new Deviation("an open link", e.toString());
        }
    }

    /** Returns the text that the preamble is. */
    public String text() {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Returns the dict of the last line; it has the types of the kit's pickles. */
    public Map<?, ?> readConfiguration() throws Deviation {
        String whole = text();
        String body = whole.endsWith("\n") ? whole.substring(0, whole.length() - 1) : whole;
        String last = body.substring(body.lastIndexOf('\n') + 1);
        if (!last.startsWith(CALL_START) || !last.endsWith(CALL_END)) {
            throw new Deviation("a last line ExternalContext({...}).main()", shortened(last));
        }
        String literal = last.substring(CALL_START.length(), last.length() - CALL_END.length());
        try {
            if (PyLiteral.parse(literal) instanceof Map<?, ?> dict) {
                configuration = dict;
                return configuration;
            }
        } catch (PickleError e) {
            throw new Deviation("a dict in the last line", e.getMessage());
        }
        throw new Deviation("a dict in the last line", shortened(literal));
    }

    private static String shortened(String line) {
        return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }

    /** Says the other markers, the last with {@code first} behind it, and begins with frames. */
    public Link begin(Frame first, ChildDuties duties) throws Deviation {
        say("MITO0");
        say("01\nanother line\n");
        Link link = new Link("to the parent", ownId(), parentId(), streams, session);
        duties.link(link);
        link.start(duties);
        byte[] marker = "MITO002\n".getBytes(StandardCharsets.US_ASCII);
        byte[] frame = first.toBytes();
        byte[] both = Arrays.copyOf(marker, marker.length + frame.length);
        System.arraycopy(frame, 0, both, marker.length, frame.length);
        link.write(both);
        return link;
    }

    private void say(String words) throws Deviation {
        try {
            streams.out().write(words.getBytes(StandardCharsets.UTF_8));
            streams.out().flush();
        } catch (IOException e) {
            throw new Deviation("the parent reads lines", "writing failed: " + e);
        }
    }

    // == What the configuration says ==

    public int ownId() {
        return number("context_id").intValue();
    }

    /** Returns the ids of all contexts above, nearest first. */
    public List<Integer> parentIds() {
        return ((List<?>) configuration.get("parent_ids"))
                .stream().map(id -> ((BigInteger) id).intValue()).toList();
    }

    public int parentId() {
        return parentIds().get(0);
    }

    public boolean isUnidirectional() {
        return Boolean.TRUE.equals(configuration.get("unidirectional"));
    }

    public long maxMessageBytes() {
        return number("max_message_size").longValue();
    }

    /** Tells whether the parent's Mitogen is this version or a later one. */
    public boolean isSince(int... wanted) {
        Tuple version = (Tuple) configuration.get("version");
        for (int i = 0; i < wanted.length; i++) {
            int part = i < version.size() && version.get(i) instanceof BigInteger n ? n.intValue() : 0;
            if (part != wanted[i]) {
                return part > wanted[i];
            }
        }
        return true;
    }

    private BigInteger number(String key) {
        return (BigInteger) configuration.get(key);
    }
}
