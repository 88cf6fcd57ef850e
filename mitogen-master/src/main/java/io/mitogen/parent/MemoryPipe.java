// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Bytes on their way inside one process: what is written to the sink comes out of the source. Any thread.
 *
 * <p>Unlike a channel it survives the interrupt of a thread that uses it, which user code in a context may bring about: the
 * interrupt is kept until the bytes are through.
 */
final class MemoryPipe {
    private static final int CAPACITY_BYTES = 64 * 1024;

    private final Object lock = new Object();
    private final byte[] ring = new byte[CAPACITY_BYTES]; // guarded by lock, as all below
    private int start;
    private int length;
    private boolean sinkClosed;
    private boolean sourceClosed;
    private final InputStream source = new Source();
    private final OutputStream sink = new Sink();

    /** Returns the end to read from: blocks while the pipe is empty; ends when the sink is closed. */
    InputStream source() {
        return source;
    }

    /** Returns the end to write to: blocks while the pipe is full; fails when the source is closed. */
    OutputStream sink() {
        return sink;
    }

    private int take(byte[] bytes, int offset, int limit) {
        synchronized (lock) {
            awaitWhile(Wanted.BYTES);
            if (length == 0 || sourceClosed) {
                return -1;
            }
            int count = Math.min(Math.min(limit, length), CAPACITY_BYTES - start);
            System.arraycopy(ring, start, bytes, offset, count);
            start = (start + count) % CAPACITY_BYTES;
            length -= count;
            lock.notifyAll();
            return count;
        }
    }

    private int put(byte[] bytes, int offset, int limit) throws IOException {
        synchronized (lock) {
            awaitWhile(Wanted.ROOM);
            if (sourceClosed || sinkClosed) {
                throw new IOException("the other end of the pipe is closed");
            }
            int end = (start + length) % CAPACITY_BYTES;
            int count = Math.min(Math.min(limit, CAPACITY_BYTES - length), CAPACITY_BYTES - end);
            System.arraycopy(bytes, offset, ring, end, count);
            length += count;
            lock.notifyAll();
            return count;
        }
    }

    private enum Wanted {
        BYTES,
        ROOM
    }

    /** Waits until there is what is wanted, or an end is closed. */
    private void awaitWhile(Wanted wanted) {
        boolean interrupted = false;
        while (!sourceClosed && !sinkClosed && length == (wanted == Wanted.BYTES ? 0 : CAPACITY_BYTES)) {
            try {
                lock.wait();
            } catch (InterruptedException expected) { // see above
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Source extends InputStream {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return take(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int limit) {
            return limit == 0 ? 0 : take(bytes, offset, limit);
        }

        @Override
        public void close() {
            synchronized (lock) {
                sourceClosed = true;
                lock.notifyAll();
            }
        }
    }

    private final class Sink extends OutputStream {
        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            for (int done = 0; done < count; ) {
                done += put(bytes, offset + done, count - done);
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                sinkClosed = true;
                lock.notifyAll();
            }
        }
    }
}
