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
    private final ArrayDeque<ByteBuffer> idleHeap = new ArrayDeque<>(2); // guarded by this
    private final ArrayDeque<ByteBuffer> idleDirect = new ArrayDeque<>(2); // guarded by this
    private int lent; // guarded by this

    /** Makes a pool that keeps at most {@code keptChunks} idle chunks of each kind. */
    public BufferPool(int chunkBytes, int keptChunks) {
        this.chunkBytes = chunkBytes;
        this.keptChunks = keptChunks;
    }

    public int chunkBytes() {
        return chunkBytes;
    }

    /**
     * Returns an empty chunk, ready to be written, owned by the caller until {@link #giveBack}: a direct one for channels, a
     * heap one for streams of bytes.
     */
    public ByteBuffer take(boolean direct) {
        synchronized (this) {
            lent++;
            ByteBuffer chunk = (direct ? idleDirect : idleHeap).pollLast();
            if (chunk != null) {
                return chunk.clear();
            }
        }
        return direct ? ByteBuffer.allocateDirect(chunkBytes) : ByteBuffer.allocate(chunkBytes);
    }

    /** Takes back a chunk of {@link #take}; the caller must not touch it again. */
    public void giveBack(ByteBuffer chunk) {
        ArrayDeque<ByteBuffer> idle = chunk.isDirect() ? idleDirect : idleHeap;
        synchronized (this) {
            lent--;
            if (idle.size() < keptChunks) {
                idle.addLast(chunk);
            }
        }
    }

    /** Returns the number of chunks taken and not given back. */
    public synchronized int lentChunks() {
        return lent;
    }
}
