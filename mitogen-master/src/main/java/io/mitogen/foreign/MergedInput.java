// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.concurrent.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stream of frames from a parent, and between them frames that this process adds. A thread of its own reads from the parent,
 * not more than {@value #MAX_QUEUED_BYTES} bytes ahead. One thread reads, any may add; {@link #close} ends a read that waits.
 */
final class MergedInput extends InputStream {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_QUEUED_BYTES = 4 * BUFFER_BYTES;

    private final InputStream source;
    private final ReentrantLock wholeFrames = new ReentrantLock(true); // held while a frame of the source is cut
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>(); // guarded by itself, as all below
    private int queuedBytes;
    private int taken; // of the first in the queue
    private boolean ended;
    private boolean closed;
    private IOException failure; // of the source; null when it just ended

    private MergedInput(InputStream source) {
        this.source = source;
    }

    /** Begins to read {@code source}, which the stream owns from now on. */
    static MergedInput start(InputStream source) {
        MergedInput merged = new MergedInput(source);
        Threads.daemon("link.in", merged::pump).start();
        return merged;
    }

    private void pump() {
        byte[] buffer = new byte[BUFFER_BYTES];
        FrameCounter frames = new FrameCounter();
        IOException broken = null;
        try {
            for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                if (frames.isBetweenFrames()) {
                    wholeFrames.lock();
                }
                frames.count(buffer, 0, count);
                put(Arrays.copyOf(buffer, count));
                if (frames.isBetweenFrames()) {
                    wholeFrames.unlock();
                }
            }
        } catch (IOException e) {
            broken = e;
        } finally {
            end(broken);
            if (wholeFrames.isHeldByCurrentThread()) { // it ended inside a frame
                wholeFrames.unlock();
            }
        }
    }

    /** Adds a whole frame, which is not copied; waits while there is much to read. What comes after the end is dropped. */
    void add(byte[] frame) {
        wholeFrames.lock();
        try {
            put(frame);
        } finally {
            wholeFrames.unlock();
        }
    }

    private void put(byte[] bytes) {
        synchronized (queue) {
            boolean interrupted = false;
            while (queuedBytes >= MAX_QUEUED_BYTES && !closed && !ended) {
                try {
                    queue.wait();
                } catch (InterruptedException expected) { // half a frame would break the link
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (!closed && !ended && bytes.length > 0) {
                queue.add(bytes);
                queuedBytes += bytes.length;
                queue.notifyAll();
            }
        }
    }

    private void end(IOException broken) {
        synchronized (queue) {
            ended = true;
            failure = broken;
            queue.notifyAll();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int limit) throws IOException {
        if (limit == 0) {
            return 0;
        }
        synchronized (queue) {
            awaitBytes();
            if (closed || queue.isEmpty()) {
                if (failure != null && !closed) {
                    throw failure;
                }
                return -1;
            }
            byte[] first = queue.element();
            int count = Math.min(limit, first.length - taken);
            System.arraycopy(first, taken, bytes, offset, count);
            taken += count;
            if (taken == first.length) {
                queue.remove();
                taken = 0;
            }
            queuedBytes -= count;
            queue.notifyAll();
            return count;
        }
    }

    private void awaitBytes() {
        boolean interrupted = false;
        while (queue.isEmpty() && !ended && !closed) {
            try {
                queue.wait();
            } catch (InterruptedException expected) { // user code may bring it about; the link must live
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        source.close();
    }
}
