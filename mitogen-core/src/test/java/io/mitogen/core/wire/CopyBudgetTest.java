// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.testing.WireBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How often the body of a forwarded frame is copied on its way from the bytes that were read to the queue of those to write:
 * once. Counted in chunks, as every copy needs chunks of its own.
 */
final class CopyBudgetTest {
    private static final int CHUNK_BYTES = 1024;
    private static final int BODY_CHUNKS = 10;

    private final BufferPool pool = new BufferPool(CHUNK_BYTES, 2 * BODY_CHUNKS);
    private final BufferQueue out = new BufferQueue(pool, true);
    private final FrameReader reader = new FrameReader(pool, MessageHeader.DEFAULT_MAX_BODY_BYTES, 0);
    private final ByteBuffer input = ByteBuffer.wrap(
            WireBytes.frame(2, 1, 1, 1000, 0, WireBytes.pattern(BODY_CHUNKS * CHUNK_BYTES - MessageHeader.LENGTH)));
    private final List<Integer> chunksBefore = new ArrayList<>();

    @AfterEach
    void checkThatAllLeavesUnchanged() {
        assertEquals(List.of(ByteBuffer.wrap(input.array())), List.of(ByteBuffer.wrap(out.takeBytes())));
        assertEquals(0, pool.lentChunks());
    }

    @Test
    void shouldCopyAFrameOnceThatLiesWholeInWhatWasRead() {
        reader.feed(input, this::forward);

        assertEquals(List.of(0), chunksBefore, "chunks before it is forwarded");
        assertEquals(BODY_CHUNKS, pool.lentChunks(), "chunks when it is queued");
    }

    @Test
    void shouldCopyNoBodyAgainThatWasGatheredInPieces() {
        int half = input.capacity() / 2;
        reader.feed(input.limit(half), this::forward);
        reader.feed(input.limit(input.capacity()), this::forward);

        assertEquals(List.of(BODY_CHUNKS), chunksBefore, "chunks before it is forwarded");
        assertEquals(BODY_CHUNKS + 1, pool.lentChunks(), "chunks when it is queued, one of them for the header");
    }

    private void forward(Frame frame) {
        chunksBefore.add(pool.lentChunks());
        frame.writeTo(out);
    }
}
