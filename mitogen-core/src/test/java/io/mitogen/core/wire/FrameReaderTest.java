// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.testing.WireBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of a reader, and what a message says of itself. */
final class FrameReaderTest {
    private static final int OWN_ID = 7;
    private static final int MAX = MessageHeader.DEFAULT_MAX_BODY_BYTES;

    private final BufferPool pool = new BufferPool(32 * 1024, 4);
    private final List<Message> read = new ArrayList<>();

    @Test
    void shouldSetNothingAsideForABodyThatIsOnlyPromised() {
        FrameReader reader = new FrameReader(pool, MAX, OWN_ID, false);
        feed(reader, WireBytes.headerClaiming(MAX)); // exactly the limit is accepted
        assertEquals(0, pool.lentChunks(), "chunks before the first byte of the body");
        feed(reader, new byte[100]);
        assertEquals(1, pool.lentChunks(), "chunks for 100 bytes of the body");
        reader.close();
        assertEquals(0, pool.lentChunks());
    }

    @Test
    void shouldRefuseAFrameBeyondTheLimitAndAcceptOneAtIt() {
        feed(new FrameReader(pool, 1_000, OWN_ID, false), WireBytes.frame(1, 2, 2, 100, 0, new byte[1_000]));
        assertEquals(1, read.size());

        CorruptStreamException refused = assertThrows(
                CorruptStreamException.class,
                () -> feed(
                        new FrameReader(pool, 1_000, OWN_ID, false),
                        WireBytes.frame(1, 2, 2, 100, 0, new byte[1_001])));
        assertEquals("frame of 1001 bytes is larger than the maximum message size of 1000 bytes", refused.getMessage());
        assertThrows(
                CorruptStreamException.class,
                () -> feed(new FrameReader(pool, MAX, OWN_ID, false), WireBytes.headerClaiming(-1)));
    }

    @Test
    void shouldWaitOn25BytesOfGarbageAndRefuseThe26th() {
        FrameReader reader = new FrameReader(pool, MAX, OWN_ID, false);
        feed(reader, new byte[25]);
        CorruptStreamException refused = assertThrows(CorruptStreamException.class, () -> feed(reader, new byte[1]));
        assertTrue(refused.getMessage().endsWith("\0".repeat(26)), refused.getMessage());
    }

    @Test
    void shouldShowTheTextThatCameInPlaceOfAFrame() {
        FrameReader reader = new FrameReader(pool, MAX, OWN_ID, false);
        byte[] text = "Warning: the disk of tr\u00e8s is full\n".getBytes(StandardCharsets.UTF_8);

        CorruptStreamException refused = assertThrows(CorruptStreamException.class, () -> feed(reader, text));
        assertEquals("not a Mitogen frame: Warning: the disk of tr\u00e8s", refused.getMessage());
    }

    @Test
    void shouldTakeNothingMoreWhenTheSinkClosesTheReader() {
        FrameReader reader = new FrameReader(pool, MAX, OWN_ID, false);
        byte[] frame = WireBytes.frame(1, 2, 2, 100, 0, new byte[100]);
        ByteBuffer input = ByteBuffer.wrap(WireBytes.join(frame, frame, new byte[] {0x4d, 0x49}));
        reader.feed(input, seen -> {
            read.add(seen.toMessage());
            reader.close();
        });
        reader.feed(ByteBuffer.wrap(frame), seen -> read.add(seen.toMessage()));
        assertEquals(1, read.size());
        assertEquals(0, pool.lentChunks());
    }

    @Test
    void shouldOverwriteTheAuthorityOfAFrameInPlace() {
        byte[] bytes = WireBytes.frame(1, 2, 3, 100, 7, "x");
        new FrameReader(pool, MAX, OWN_ID, false).feed(ByteBuffer.wrap(bytes), frame -> {
            frame.auth(-2);
            assertTrue(frame.wantsReply());
            read.add(frame.toMessage());
        });
        assertEquals("1 2 4294967294 100 7 x", WireBytes.show(read.get(0)));
    }

    @Test
    void shouldKeepTheEncodingOfARelayedMessageAndWriteTheLegacyOneItself() {
        byte[] pickled = WireBytes.encoded(0x4d4a, 5, 101, new byte[] {1, 2});
        assertEquals(0x4d4a, encodingOf(WireBytes.messages(pickled).get(0)));
        assertEquals(0x4d49, encodingOf(Message.text(5, 101, "x")));
    }

    @Test
    void shouldSayWhoSendsWhatToWhom() {
        assertEquals(
                "dst 5  src 1  auth 0  CALL_FUNCTION  reply 1000  3 B",
                message(101, 1000).toString());
        assertEquals(
                "dst 5  src 1  auth 0  #4294967295  reply dead  3 B",
                message(-1, 999).toString());
        assertEquals(
                "dst 5  src 1  auth 0  LOAD_RESOURCE  reply -  3 B",
                message(113, 0).toString());
    }

    @Test
    void shouldSayWhyItIsDeadAsPythonDoes() {
        assertEquals("gone", Message.dead(1, 1000, "gone").from(2, 2).deadReason(1));
        assertEquals(
                "Channel closed by local end.",
                Message.dead(1, 1000, "").from(1, 1).deadReason(1));
        assertEquals(
                "Channel closed by remote end.",
                Message.dead(1, 1000, "").from(2, 2).deadReason(1));
    }

    @Test
    void shouldCutAReasonThatWouldBeTooLargeItself() {
        assertEquals(4_000, Message.dead(1, 1000, "x".repeat(1_000_000)).body().length);
    }

    private static Message message(int handle, int replyTo) {
        return Message.to(5, handle, replyTo, new byte[3]).from(1, 0);
    }

    private int encodingOf(Message message) {
        BufferQueue queue = new BufferQueue(pool, false);
        message.writeTo(queue);
        return ByteBuffer.wrap(queue.takeBytes()).getShort();
    }

    private void feed(FrameReader reader, byte[] bytes) {
        reader.feed(ByteBuffer.wrap(bytes), frame -> read.add(frame.toMessage()));
    }
}
