// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.WireBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A queue against a plain array: the same bytes in the same order, and every chunk back in its pool. */
final class BufferQueueProperties {
    private static final int CHUNK = 9_000; // so that an array of this size could be given, and taken for a chunk
    private static final int KEPT = 100_000;

    private final BufferPool pool = new BufferPool(CHUNK, KEPT);

    @Property(tries = 300)
    void shouldHoldWhatAnArrayWouldHold(
            @ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> steps, @ForAll boolean direct, @ForAll long seed)
            throws IOException {
        BufferQueue queue = new BufferQueue(pool, direct);
        RandomChannel channel = new RandomChannel(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream actual = new ByteArrayOutputStream();
        int salt = (int) seed;
        for (int step : steps) {
            byte[] bytes = piece(step, salt++);
            if (step < 4) {
                ByteBuffer lent = ByteBuffer.wrap(bytes);
                queue.append(lent);
                assertEquals(0, lent.remaining(), "what append left");
                Arrays.fill(bytes, (byte) 0x55); // lent: ours again
                expected.writeBytes(piece(step, salt - 1));
            } else if (step < 6) {
                queue.appendGiven(bytes);
                expected.writeBytes(bytes);
            } else if (step == 6) {
                BufferQueue other = new BufferQueue(pool, !direct);
                other.append(ByteBuffer.wrap(bytes));
                other.appendGiven(piece(4, salt));
                queue.appendAll(other);
                expected.writeBytes(bytes);
                expected.writeBytes(piece(4, salt));
                assertTrue(other.isEmpty(), "the other queue is empty");
            } else if (step == 7) {
                channel.taken.reset();
                long count = queue.writeTo(channel);
                assertEquals(channel.taken.size(), count);
                actual.writeBytes(channel.taken.toByteArray());
            } else if (step == 8) {
                long most = Math.abs(salt % 20_000);
                long before = queue.remaining();
                queue.writeTo(actual, most);
                assertEquals(Math.min(most, before), before - queue.remaining(), "written of at most " + most);
            } else {
                actual.writeBytes(queue.takeBytes());
            }
            assertEquals(expected.size() - actual.size(), queue.remaining());
        }
        actual.writeBytes(queue.takeBytes());
        assertArrayEquals(expected.toByteArray(), actual.toByteArray());
        assertEveryChunkIsBackOnce();
    }

    @Property(tries = 100)
    void shouldGiveEveryChunkBackWhenCleared(
            @ForAll @Size(max = 20) List<@IntRange(max = 6) Integer> steps, @ForAll boolean direct) {
        BufferQueue queue = new BufferQueue(pool, direct);
        for (int step : steps) {
            if (step < 4) {
                queue.append(ByteBuffer.wrap(piece(step, 1)));
            } else {
                queue.appendGiven(piece(step, 1));
            }
        }
        queue.clear();
        assertTrue(queue.isEmpty(), "empty after clear");
        assertEveryChunkIsBackOnce();
    }

    @Property(tries = 100)
    void shouldStayWholeWhenTheChannelFails(@ForAll @IntRange(max = 5) int writes, @ForAll long seed) {
        BufferQueue queue = new BufferQueue(pool, true);
        for (int i = 0; i < 30; i++) {
            queue.appendGiven(piece(i % 7, i));
        }
        RandomChannel channel = new RandomChannel(seed);
        channel.failAtWrite = writes;
        try {
            while (!queue.isEmpty()) {
                queue.writeTo(channel);
            }
        } catch (IOException expected) { // at the write that was told to fail; the rest is still there
            channel.taken.writeBytes(queue.takeBytes());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 30; i++) {
            all.writeBytes(piece(i % 7, i));
        }
        assertArrayEquals(all.toByteArray(), channel.taken.toByteArray());
        assertEveryChunkIsBackOnce();
    }

    private static byte[] piece(int step, int salt) {
        int[] sizes = {0, 1, 26, 12_345, CHUNK, 20_000, 300_000, 26, 26, 26};
        byte[] bytes = WireBytes.pattern(sizes[step]);
        if (bytes.length > 0) {
            bytes[0] ^= (byte) salt;
        }
        return bytes;
    }

    private void assertEveryChunkIsBackOnce() {
        assertEquals(0, pool.lentChunks(), "chunks not given back");
        Set<ByteBuffer> idle = Collections.newSetFromMap(new IdentityHashMap<>());
        for (boolean direct : new boolean[] {true, false}) {
            for (int i = 0; i < 40; i++) {
                ByteBuffer chunk = pool.take(direct);
                assertEquals(CHUNK, chunk.remaining(), "room in a chunk");
                assertTrue(idle.add(chunk), "the same chunk was given back twice");
            }
        }
        idle.forEach(pool::giveBack);
    }
}
