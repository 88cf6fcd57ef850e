// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Gives one frame again and again, as a busy pipe does: a read takes what the pipe holds, and ends in the middle of a frame. One
 * thread at a time.
 */
final class FrameSource extends StandInChannel implements ReadableByteChannel {
    /** What a pipe of Linux holds. */
    private static final int PIPE_BYTES = 64 * 1024;

    private final ByteBuffer frames;
    private int at;
    private long ready;

    FrameSource(ByteBuffer frame) throws IOException {
        super(false);
        int count = Math.max(1, PIPE_BYTES / frame.capacity());
        frames = ByteBuffer.allocateDirect(count * frame.capacity());
        for (int i = 0; i < count; i++) {
            frames.put(frame.clear());
        }
    }

    /** Lets the next reads give so many bytes more. */
    void add(long bytes) {
        ready += bytes;
    }

    /** Tells whether the next read gives nothing. */
    boolean isEmpty() {
        return ready == 0;
    }

    @Override
    public int read(ByteBuffer to) {
        int total = (int) Math.min(ready, Math.min(to.remaining(), PIPE_BYTES));
        int left = total;
        while (left > 0) {
            int count = Math.min(left, frames.capacity() - at);
            to.put(to.position(), frames, at, count).position(to.position() + count);
            at = (at + count) % frames.capacity();
            left -= count;
        }
        ready -= total;
        return total;
    }
}
