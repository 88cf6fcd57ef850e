// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a queue holds by reference, what it copies, and what ends up in the pool. */
final class BufferQueueTest {
    private static final int CHUNK = 16 * 1024;
    private static final int MIB = 1024 * 1024;

    private final BufferPool pool = new BufferPool(CHUNK, 8);

    @Test
    void shouldNotTakeAGivenArrayIntoThePoolWhenItHasTheSizeOfAChunk() {
        byte[] given = WireBytes.pattern(CHUNK);
        BufferQueue queue = new BufferQueue(pool, false);
        queue.appendGiven(given);
        queue.takeBytes();

        ByteBuffer chunk = pool.take(false);
        assertNotSame(given, chunk.array());
        assertArrayEquals(WireBytes.pattern(CHUNK), given);
    }

    @Test
    void shouldTakeNoChunkForALargeGivenArray() {
        BufferQueue queue = new BufferQueue(pool, true);
        queue.appendGiven(new byte[MIB]);
        assertEquals(0, pool.lentChunks());
        assertEquals(MIB, queue.remaining());
    }

    @Test
    void shouldKeepLentArraysAsTheyWereAndCopyNoneTwice() {
        BufferQueue queue = new BufferQueue(pool, false);
        byte[] lent = WireBytes.pattern(MIB);
        byte[] chunkSized = WireBytes.pattern(CHUNK);
        queue.appendGiven(new byte[100]);
        queue.appendGiven(lent);
        queue.appendGiven(chunkSized);
        queue.keepLent(new byte[][] {new byte[0], lent, new byte[0], chunkSized, new byte[0]});
        Arrays.fill(lent, (byte) 0);
        Arrays.fill(chunkSized, (byte) 0);
        byte[] expected = WireBytes.join(new byte[100], WireBytes.pattern(MIB), WireBytes.pattern(CHUNK));
        assertArrayEquals(expected, queue.takeBytes());
        assertEquals(0, pool.lentChunks());
    }

    @Test
    void shouldCopyNoArrayOfOthersWhenOneIsKept() {
        BufferQueue queue = new BufferQueue(pool, false);
        byte[] own = new byte[MIB];
        byte[] other = new byte[MIB];
        queue.appendGiven(own);
        queue.appendGiven(other);
        queue.keepLent(new byte[][] {other, own, new byte[0]});
        Arrays.fill(own, (byte) 1);
        Arrays.fill(other, (byte) 2); // shows that it is still there itself
        assertArrayEquals(WireBytes.join(new byte[MIB], other), queue.takeBytes());
    }

    @Test
    void shouldOfferNoHeapMemoryBecauseTheJdkWouldKeepACopyForEachThread() throws IOException {
        BufferQueue queue = new BufferQueue(pool, true);
        queue.appendGiven(WireBytes.pattern(MIB));
        queue.appendGiven(WireBytes.pattern(MIB));
        RandomChannel channel = new RandomChannel(1);
        while (!queue.isEmpty()) {
            queue.writeTo(channel);
        }
        assertEquals(0, channel.largestHeapOffer);
        assertEquals(0, pool.lentChunks());
        assertArrayEquals(WireBytes.join(WireBytes.pattern(MIB), WireBytes.pattern(MIB)), channel.taken.toByteArray());
    }

    @Test
    void shouldKeepOnlySoManyChunks() {
        ByteBuffer[] chunks = new ByteBuffer[20];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = pool.take(false);
        }
        assertEquals(20, pool.lentChunks());
        for (ByteBuffer chunk : chunks) {
            pool.giveBack(chunk);
        }
        for (int i = 0; i < 8; i++) {
            ByteBuffer kept = pool.take(false);
            assertTrue(isOneOf(kept, chunks), "the eight kept ones come first");
        }
        assertTrue(!isOneOf(pool.take(false), chunks), "the ninth is new");
    }

    @Test
    void shouldRefuseAPieceThatNoChunkHolds() {
        BufferQueue queue = new BufferQueue(new BufferPool(16, 1), false);
        assertThrows(IllegalArgumentException.class, () -> queue.beginWrite(17));
        queue.endWrite(queue.beginWrite(16).put(new byte[16]));
        assertEquals(16, queue.remaining());
    }

    @Test
    void shouldWriteEveryByteOnceWhenAStreamTakesDirectChunks() throws IOException {
        BufferQueue queue = new BufferQueue(pool, true);
        queue.append(ByteBuffer.wrap(WireBytes.pattern(3 * CHUNK + 5)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        queue.writeTo(out, queue.remaining());
        assertArrayEquals(WireBytes.pattern(3 * CHUNK + 5), out.toByteArray());
        assertEquals(0, pool.lentChunks());
    }

    @Test
    void shouldBeClearedWhenAStreamFails() {
        BufferQueue queue = new BufferQueue(pool, false);
        queue.append(ByteBuffer.wrap(new byte[3 * CHUNK]));
        assertThrows(
                IOException.class,
                () -> queue.writeTo(
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw new IOException("told to fail");
                            }
                        },
                        Long.MAX_VALUE));
        queue.clear();
        assertEquals(0, pool.lentChunks());
    }

    private static boolean isOneOf(ByteBuffer buffer, ByteBuffer[] buffers) {
        for (ByteBuffer other : buffers) {
            if (other == buffer) {
                return true;
            }
        }
        return false;
    }
}
