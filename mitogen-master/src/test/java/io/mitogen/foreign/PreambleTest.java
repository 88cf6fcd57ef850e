// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

class PreambleTest {
    private static Preamble read(byte[] bytes) throws IOException {
        return Preamble.read(Preambles.stream(new ByteArrayInputStream(bytes)));
    }

    private static String refusal(byte[] bytes) {
        return assertThrows(PreambleException.class, () -> read(bytes)).getMessage();
    }

    @Test
    void shouldTakeTheConfigurationAndKeepTheSource() throws IOException {
        Preamble preamble = read(Preambles.of(Preambles.OLD_CONFIG));

        assertEquals(7L, preamble.config().get("context_id"));
        byte[] source = new InflaterInputStream(new ByteArrayInputStream(preamble.coreSource())).readAllBytes();
        assertEquals(Preambles.CORE, new String(source, StandardCharsets.UTF_8));
    }

    @Test
    void shouldLeaveWhatFollows() throws IOException {
        byte[] preamble = Preambles.of(Preambles.NEW_CONFIG);
        byte[] frames = "frames".getBytes(StandardCharsets.US_ASCII);
        byte[] both = Arrays.copyOf(preamble, preamble.length + frames.length);
        System.arraycopy(frames, 0, both, preamble.length, frames.length);
        PushbackInputStream in = Preambles.stream(new ByteArrayInputStream(both));

        Preamble.read(in);

        assertArrayEquals(frames, in.readAllBytes());
    }

    /** When all has come, the last bytes of the text may still be on their way through the inflater. */
    @Test
    void shouldReadWhatComesByteByByteAndNotWaitForMore() throws IOException {
        checkSlow(Preambles.of(Preambles.NEW_CONFIG));
        String padding = "#".repeat(1_000_000);
        checkSlow(Preambles.deflate(padding + "\nExternalContext(" + Preambles.NEW_CONFIG + ").main()\n"));
        String spaces = " ".repeat(500_000);
        checkSlow(Preambles.deflate("ExternalContext(" + spaces + Preambles.NEW_CONFIG + spaces + ").main()"));
    }

    private static void checkSlow(byte[] preamble) throws IOException {
        InputStream slow = new InputStream() {
            private final InputStream bytes = new ByteArrayInputStream(preamble);

            @Override
            public int read() {
                throw new AssertionError("read beyond the end");
            }

            @Override
            public int read(byte[] buffer, int offset, int limit) throws IOException {
                int next = bytes.read();
                if (next < 0) {
                    throw new AssertionError("read beyond the end");
                }
                buffer[offset] = (byte) next;
                return 1;
            }
        };

        assertEquals(1L, Preamble.read(Preambles.stream(slow)).config().get("context_id"));
    }

    @Test
    void shouldTellAParentThatIsGoneFromOneThatBreaksOff() {
        assertThrows(EOFException.class, () -> read(new byte[0]));
        byte[] preamble = Preambles.of(Preambles.OLD_CONFIG);
        String message = refusal(Arrays.copyOf(preamble, preamble.length - 1));
        assertTrue(message.contains("ends after " + (preamble.length - 1) + " bytes"), message);
    }

    @Test
    void shouldRefuseWhatIsNoPreamble() {
        assertTrue(refusal("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                .contains("no zlib stream"));
        assertTrue(refusal(Preambles.deflate("")).contains("the last line of the preamble, of 0 characters"));
        assertTrue(refusal(Preambles.deflate("\n\n")).contains("last line"));
        assertTrue(refusal(Preambles.deflate("ExternalContext({}).main() # no")).contains("last line"));
        assertTrue(refusal(Preambles.of("[]")).contains("no dict"));
        assertTrue(refusal(Preambles.of("dict(a=1)")).contains("expected a value at character 0"));
        byte[] broken = Preambles.of(Preambles.OLD_CONFIG);
        broken[broken.length - 1] ^= 1; // of the checksum
        assertTrue(refusal(broken).contains("no zlib stream"));
    }

    @Test
    void shouldRefuseADictionary() {
        Deflater deflater = new Deflater();
        deflater.setDictionary("import".getBytes(StandardCharsets.US_ASCII));
        deflater.setInput("import os".getBytes(StandardCharsets.US_ASCII));
        deflater.finish();
        byte[] deflated = new byte[100];
        deflater.deflate(deflated);
        deflater.end();

        assertTrue(refusal(deflated).contains("dictionary"));
    }

    @Test
    void shouldRefuseABombWithoutKeepingIt() {
        byte[] bomb = Preambles.deflate(new byte[Preamble.MAX_TEXT_BYTES + 1]);
        assertTrue(bomb.length < 100_000, () -> "of " + bomb.length);
        assertTrue(refusal(bomb).contains("more than " + Preamble.MAX_TEXT_BYTES));
    }

    @Test
    void shouldRefuseAStreamWithoutEnd() {
        byte[] header = {0x78, (byte) 0xda};
        byte[] emptyBlock = {0, 0, 0, -1, -1}; // stored, not the last
        InputStream endless = new SequenceInputStream(new ByteArrayInputStream(header), new InputStream() {
            private int at;

            @Override
            public int read() {
                return emptyBlock[at++ % emptyBlock.length] & 0xff;
            }
        });

        PreambleException e = assertThrows(PreambleException.class, () -> Preamble.read(Preambles.stream(endless)));
        assertTrue(e.getMessage().contains("more than " + Preamble.MAX_STREAM_BYTES), e.getMessage());
    }
}
