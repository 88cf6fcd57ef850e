// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * What a Python parent sends first: one zlib stream with the source of {@code mitogen.core}, and in its last line
 * {@code ExternalContext(CONFIGURATION).main()}. Immutable; any thread.
 */
final class Preamble {
    /** How many bytes may have to be given back to the stream that is read from. */
    static final int BUFFER_BYTES = 8 * 1024;

    /** Most bytes of text: a hundred times what Mitogen has. */
    static final int MAX_TEXT_BYTES = 16 << 20;

    /** Most bytes of the zlib stream. */
    static final int MAX_STREAM_BYTES = 4 << 20;

    private static final String BEFORE = "ExternalContext(";
    private static final String AFTER = ").main()";

    private final byte[] coreSource;
    private final Map<?, ?> config;

    private Preamble(byte[] coreSource, Map<?, ?> config) {
        this.coreSource = coreSource;
        this.config = config;
    }

    /**
     * Reads a preamble. What follows it stays in {@code in}.
     *
     * @param in can take {@link #BUFFER_BYTES} back
     * @throws EOFException when nothing comes: who started this is gone
     * @throws PreambleException when it is none
     */
    static Preamble read(PushbackInputStream in) throws IOException {
        byte[] text = inflate(in);
        int end = text.length;
        while (end > 0 && text[end - 1] == '\n') {
            end--;
        }
        int start = end;
        while (start > 0 && text[start - 1] != '\n') {
            start--;
        }
        String line = new String(text, start, end - start, StandardCharsets.UTF_8);
        return new Preamble(Arrays.copyOf(text, Math.max(0, start - 1)), config(line));
    }

    private static Map<?, ?> config(String line) throws PreambleException {
        if (!line.startsWith(BEFORE) || !line.endsWith(AFTER)) {
            throw new PreambleException("the last line of the preamble, of " + line.length() + " characters, is not "
                    + BEFORE + "..." + AFTER);
        }
        try {
            Object config = PythonLiteral.parse(line.substring(BEFORE.length(), line.length() - AFTER.length()));
            if (config instanceof Map) {
                return (Map<?, ?>) config;
            }
            throw new PreambleException("the configuration in the preamble is no dict");
        } catch (LiteralException e) {
            throw new PreambleException("the configuration in the preamble cannot be read: " + e.getMessage());
        }
    }

    private static byte[] inflate(PushbackInputStream in) throws IOException {
        Inflater inflater = new Inflater();
        try {
            byte[] read = new byte[BUFFER_BYTES];
            byte[] inflated = new byte[BUFFER_BYTES];
            int filled = 0;
            ByteArrayOutputStream text = new ByteArrayOutputStream(128 * 1024);
            while (!inflater.finished()) {
                int count = inflater.inflate(inflated);
                text.write(inflated, 0, count);
                if (text.size() > MAX_TEXT_BYTES) {
                    throw new PreambleException("the preamble has more than " + MAX_TEXT_BYTES + " bytes of text");
                }
                if (inflater.needsDictionary()) {
                    throw new PreambleException("the preamble is a zlib stream that needs a dictionary");
                }
                if (count == 0 && inflater.needsInput() && !inflater.finished()) {
                    filled = more(in, read, inflater.getBytesRead());
                    inflater.setInput(read, 0, filled);
                }
            }
            int unused = inflater.getRemaining();
            in.unread(read, filled - unused, unused);
            return text.toByteArray();
        } catch (DataFormatException e) {
            throw new PreambleException("the preamble is no zlib stream: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private static int more(PushbackInputStream in, byte[] buffer, long before) throws IOException {
        if (before > MAX_STREAM_BYTES) {
            throw new PreambleException("the preamble is a zlib stream of more than " + MAX_STREAM_BYTES + " bytes");
        }
        int count = in.read(buffer);
        if (count >= 0) {
            return count;
        }
        if (before == 0) {
            throw new EOFException("no preamble came");
        }
        throw new PreambleException("the preamble ends after " + before + " bytes, before its zlib stream does");
    }

    /** Returns the zlib stream of the core's source, the text without its last line: what Python contexts below this one run. */
    byte[] coreSource() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        ByteArrayOutputStream deflated = new ByteArrayOutputStream(coreSource.length / 3);
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, deflater)) {
            out.write(coreSource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return deflated.toByteArray();
    }

    /** Returns the configuration as it was sent. */
    Map<?, ?> config() {
        return config;
    }
}
