// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;

/**
 * Bytes in order: small pieces are copied into pooled chunks, large arrays are held by reference. One thread at a time.
 *
 * <p>Every buffer in the queue is in reading position; only the last pooled chunk is still appended to. A
 * buffer is a chunk exactly when it has the pool's size: a given array that happens to have it is copied.
 */
public final class BufferQueue {
    /** Arrays from this size on are queued by reference; below, one copy is cheaper than one more buffer. */
    private static final int BY_REFERENCE_BYTES = 8 * 1024;

    /**
     * Bytes offered at once of what has to be copied first: half of what a pipe of Linux holds, so that its reader can begin while
     * the other half is copied (docs/performance.md).
     */
    private static final int COPIED_BYTES = 32 * 1024;

    /** Buffers handed to one gathering write. */
    private static final int GATHER = 16;

    /** No lent parts. */
    public static final byte[][] NO_PARTS = {};

    private final BufferPool pool;
    private final boolean direct;
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
    private ByteBuffer[] gather = new ByteBuffer[1];
    private long remaining;
    private int writeStart; // reading position of the chunk between beginWrite and endWrite
    private int writeEnd; // where beginWrite let the writer start

    /** @param direct whether small pieces are gathered for a channel, or for a stream of bytes */
    public BufferQueue(BufferPool pool, boolean direct) {
        this.pool = pool;
        this.direct = direct;
    }

    public boolean isEmpty() {
        return remaining == 0;
    }

    /** Returns the number of bytes queued. */
    public long remaining() {
        return remaining;
    }

    /** Copies all that {@code lent} holds, and consumes it. */
    public void append(ByteBuffer lent) {
        while (lent.hasRemaining()) {
            ByteBuffer chunk = beginWrite(1);
            int count = Math.min(lent.remaining(), chunk.remaining());
            int limit = lent.limit();
            lent.limit(lent.position() + count);
            chunk.put(lent);
            lent.limit(limit);
            endWrite(chunk);
        }
    }

    /** Appends {@code given}, which nobody may change from now on, or before it is written or {@link #keepLent} was called for it. */
    public void appendGiven(byte[] given) {
        if (given.length < BY_REFERENCE_BYTES || given.length == pool.chunkBytes()) {
            append(ByteBuffer.wrap(given));
        } else {
            buffers.addLast(ByteBuffer.wrap(given));
            remaining += given.length;
        }
    }

    /** Replaces what is left of every second of {@code parts}, arrays that were only lent to this, by copies. */
    public void keepLent(byte[][] parts) {
        if (parts.length > 1 && remaining > 0) {
            ByteBuffer[] kept = buffers.toArray(new ByteBuffer[0]);
            for (int i = 0; i < kept.length; i++) { // first all copies, for which there may be no memory
                kept[i] = isLent(kept[i], parts) ? copyOf(kept[i]) : kept[i];
            }
            buffers.clear();
            for (ByteBuffer buffer : kept) {
                buffers.addLast(buffer);
            }
        }
    }

    private static boolean isLent(ByteBuffer buffer, byte[][] parts) {
        for (int i = 1; i < parts.length && buffer.hasArray(); i += 2) {
            if (buffer.array() == parts[i]) {
                return true;
            }
        }
        return false;
    }

    /** Returns a copy that is no chunk. */
    private ByteBuffer copyOf(ByteBuffer buffer) {
        ByteBuffer copy = ByteBuffer.allocate(Math.max(buffer.remaining(), pool.chunkBytes() + 1));
        return copy.put(buffer.duplicate()).flip();
    }

    /** Moves all bytes of {@code other}, a queue over the same pool, to the end of this one, copying none. */
    public void appendAll(BufferQueue other) {
        for (ByteBuffer buffer = other.buffers.pollFirst(); buffer != null; buffer = other.buffers.pollFirst()) {
            buffers.addLast(buffer);
        }
        remaining += other.remaining;
        other.remaining = 0;
    }

    /**
     * Returns the last chunk, positioned to write at least {@code bytes} of it; {@link #endWrite} must follow.
     *
     * @throws IllegalArgumentException when no chunk is that large
     */
    public ByteBuffer beginWrite(int bytes) {
        if (bytes > pool.chunkBytes()) {
            throw new IllegalArgumentException(
                    "asked for " + bytes + " bytes in one piece of chunks of " + pool.chunkBytes() + " bytes");
        }
        ByteBuffer last = buffers.peekLast();
        if (last == null || !isChunk(last) || last.capacity() - last.limit() < bytes) {
            last = pool.take(direct);
            last.limit(0);
            buffers.addLast(last);
        }
        writeStart = last.position();
        writeEnd = last.limit();
        return last.limit(last.capacity()).position(writeEnd);
    }

    /** Counts what was put into {@code chunk} since {@link #beginWrite}. */
    public void endWrite(ByteBuffer chunk) {
        remaining += chunk.position() - writeEnd;
        chunk.limit(chunk.position()).position(writeStart);
    }

    /** Writes what the channel takes now. Returns the number of bytes written, 0 when it takes none. */
    public long writeTo(GatheringByteChannel channel) throws IOException {
        long total = 0;
        boolean takesMore = true;
        while (remaining > 0 && takesMore) {
            long before = remaining;
            takesMore = writeFront(channel);
            total += before - remaining;
            dropEmpty();
        }
        return total;
    }

    /** Writes the front of the queue, as much as one write takes. Returns whether the channel took all of it. */
    private boolean writeFront(GatheringByteChannel channel) throws IOException {
        if (gather.length < GATHER
                && (buffers.size() > 1 || !buffers.peekFirst().isDirect())) {
            gather = new ByteBuffer[GATHER];
        }
        int count = 0;
        long offered = 0;
        try {
            do { // an iterator would be an object for every write
                gather[count] = pollDirect();
                offered += gather[count++].remaining();
            } while (count < gather.length
                    && !buffers.isEmpty()
                    && (offered < COPIED_BYTES || buffers.peekFirst().isDirect()));
            long written = count == 1 ? channel.write(gather[0]) : channel.write(gather, 0, count);
            remaining -= written;
            return written == offered;
        } finally {
            for (int i = count - 1; i >= 0; i--) {
                buffers.addFirst(gather[i]);
                gather[i] = null;
            }
        }
    }

    /**
     * Removes and returns the buffer at the front; of a heap buffer a part, in a pooled chunk: offered itself, it would be
     * copied by the JDK into direct memory that is kept for every thread that ever sent.
     */
    private ByteBuffer pollDirect() {
        ByteBuffer first = buffers.peekFirst();
        if (first.isDirect()) {
            return buffers.pollFirst();
        }
        ByteBuffer chunk = pool.take(true);
        int count = Math.min(first.remaining(), chunk.capacity());
        chunk.put(0, first, first.position(), count).limit(count);
        first.position(first.position() + count);
        dropEmpty();
        return chunk;
    }

    /** Writes {@code most} bytes, or all where there are fewer, as often as the stream blocks. */
    public void writeTo(OutputStream out, long most) throws IOException {
        long rest = Math.max(remaining - most, 0);
        while (remaining > rest) {
            ByteBuffer first = buffers.peekFirst();
            int count = (int) Math.min(Math.min(first.remaining(), COPIED_BYTES), remaining - rest);
            if (first.hasArray()) {
                out.write(first.array(), first.arrayOffset() + first.position(), count);
                first.position(first.position() + count);
            } else {
                byte[] copy = new byte[count];
                first.get(copy);
                out.write(copy, 0, count);
            }
            remaining -= count;
            dropEmpty();
        }
    }

    /** Removes and returns everything as one array. */
    public byte[] takeBytes() {
        byte[] bytes = new byte[Math.toIntExact(remaining)];
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer first = buffers.peekFirst();
            int count = first.remaining();
            first.get(bytes, at, count);
            at += count;
            dropEmpty();
        }
        remaining = 0;
        return bytes;
    }

    /** Drops everything. */
    public void clear() {
        while (!buffers.isEmpty()) {
            ByteBuffer first = buffers.peekFirst();
            first.position(first.limit());
            dropEmpty();
        }
        remaining = 0;
    }

    private boolean isChunk(ByteBuffer buffer) {
        return buffer.capacity() == pool.chunkBytes();
    }

    private void dropEmpty() {
        for (ByteBuffer first = buffers.peekFirst();
                first != null && !first.hasRemaining();
                first = buffers.peekFirst()) {
            buffers.removeFirst();
            if (isChunk(first)) {
                pool.giveBack(first);
            }
        }
    }
}
