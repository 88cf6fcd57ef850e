// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Adler32;
import java.util.zip.Deflater;

/** What a Python context runs: {@code mitogen.core} of some version, deflated once for all contexts. Immutable, any thread. */
final class PythonRuntime {
    private static final Pattern NUMBERS = Pattern.compile("\\((\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+).*\\)");

    /** Of RFC 1950: deflate with a window of 32 KiB, at the best level. */
    private static final byte[] ZLIB_HEADER = {0x78, (byte) 0xda};

    /**
     * What older versions lack, in which standard output and error do not wait: there a function that prints more than the
     * context reads at once gets a BlockingIOError, and what a program prints is lost. Part of the core, so contexts below have it.
     */
    private static final String WAITING_STDIO = """

            def _setup_waiting_stdio(self, setup=ExternalContext._setup_stdio):
                setup(self)
                set_block(1)
                set_block(2)
            ExternalContext._setup_stdio = _setup_waiting_stdio
            """;

    private static final String BEFORE_WAITING_STDIO = "\ndef set_block(fd):";

    private final String version;
    private final int[] numbers;
    private final byte[] core;
    private final byte[] deflatedCore;

    private PythonRuntime(String version, int[] numbers, byte[] core) {
        this.version = version;
        this.numbers = numbers;
        this.core = core;
        this.deflatedCore = deflate(core, false);
    }

    /**
     * Returns the runtime that a parent's settings gave.
     *
     * @param bytes a line with the version, a tuple as Python writes it, and the text of {@code mitogen.core}
     */
    static PythonRuntime of(byte[] bytes) {
        int lineEnd = 0;
        while (lineEnd < bytes.length && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        String version = new String(bytes, 0, lineEnd, StandardCharsets.UTF_8);
        int[] numbers = numbers(version);
        byte[] core = Arrays.copyOfRange(bytes, Math.min(bytes.length, lineEnd + 1), bytes.length);
        return new PythonRuntime(version, numbers, withWaitingStdio(core));
    }

    private static int[] numbers(String version) {
        Matcher matcher = NUMBERS.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + version + "\" is no version of Mitogen for Python");
        }
        int[] numbers = new int[3];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Integer.parseInt(matcher.group(i + 1));
        }
        return numbers;
    }

    private static byte[] withWaitingStdio(byte[] core) {
        String text = new String(core, StandardCharsets.UTF_8);
        return text.contains(BEFORE_WAITING_STDIO) ? (text + WAITING_STDIO).getBytes(StandardCharsets.UTF_8) : core;
    }

    /** Returns the version, a tuple as Python writes it. */
    String version() {
        return version;
    }

    /** Returns the version as people write it: {@code 0.3.3}. */
    String name() {
        return numbers[0] + "." + numbers[1] + "." + numbers[2];
    }

    /** Tells whether it is this version or a later one. */
    boolean isAtLeast(List<Integer> other) {
        return isAtLeast(version, other);
    }

    /** Tells whether {@code version}, a tuple as Python writes it, is this one or a later one. */
    static boolean isAtLeast(String version, List<Integer> other) {
        return Arrays.compare(
                        numbers(version),
                        other.stream().mapToInt(Integer::intValue).toArray())
                >= 0;
    }

    /** Returns the zlib stream of {@code mitogen.core}, a line end, and {@code lastLine}. */
    byte[] preamble(String lastLine) {
        byte[] tail = ("\n" + lastLine + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] deflatedTail = deflate(tail, true);
        Adler32 sum = new Adler32();
        sum.update(core);
        sum.update(tail);
        return ByteBuffer.allocate(ZLIB_HEADER.length + deflatedCore.length + deflatedTail.length + Integer.BYTES)
                .put(ZLIB_HEADER)
                .put(deflatedCore)
                .put(deflatedTail)
                .putInt((int) sum.getValue())
                .array();
    }

    /** Deflates to whole bytes, after which either more may follow or nothing. */
    private static byte[] deflate(byte[] bytes, boolean last) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            if (last) {
                deflater.finish();
            }
            byte[] chunk = new byte[8 * 1024];
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int count = chunk.length;
            while (last ? !deflater.finished() : count == chunk.length) {
                count = deflater.deflate(chunk, 0, chunk.length, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                out.write(chunk, 0, count);
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
