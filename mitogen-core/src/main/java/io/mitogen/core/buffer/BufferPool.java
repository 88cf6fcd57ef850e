// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Chunks of one size, lent and given back, so that steady traffic allocates nothing. Any thread.
 *
 * <p>Chunks beyond the number kept are left to the garbage collector.
 */
public final class BufferPool {
    private final int chunkBytes;
    private final int keptChunks;
    private boolean direct; // guarded by idle
    private final ArrayDeque<ByteBuffer> idle = new ArrayDeque<>(); // guarded by itself

    /** Makes a pool of heap chunks that keeps at most {@code keptChunks} of them. */
    public BufferPool(int chunkBytes, int keptChunks) {
        this.chunkBytes = chunkBytes;
        this.keptChunks = keptChunks;
    }

    /** Hands out direct chunks from now on, which channels write without a copy of their own. */
    public void useDirect() {
        synchronized (idle) {
            direct = true;
            idle.clear();
        }
    }

    public int chunkBytes() {
        return chunkBytes;
    }

    /** Returns an empty chunk, ready to be written, owned by the caller until {@link #giveBack}. */
    public ByteBuffer take() {
        synchronized (idle) {
            ByteBuffer chunk = idle.pollLast();
            if (chunk != null) {
                return chunk.clear();
            }
            return direct ? ByteBuffer.allocateDirect(chunkBytes) : ByteBuffer.allocate(chunkBytes);
        }
    }

    /** Takes back a chunk of {@link #take}; the caller must not touch it again. */
    public void giveBack(ByteBuffer chunk) {
        synchronized (idle) {
            if (idle.size() < keptChunks && chunk.isDirect() == direct) {
                idle.addLast(chunk);
            }
        }
    }
}
