// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes a few bytes at a time, as a slow pipe does, and runs a step of a test before each piece, on the thread that writes. Keeps
 * all bytes, and who wrote how many of them. Any thread.
 */
final class SteppedSink extends OutputStream {
    /** What happens before a piece is taken. */
    interface Step {
        void run() throws IOException;
    }

    private final int pieceBytes;
    private final Step step;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream(); // guarded by this
    private final Map<Thread, Integer> writers = new HashMap<>(); // guarded by this
    private boolean isClosed; // guarded by this

    SteppedSink(int pieceBytes, Step step) {
        this.pieceBytes = pieceBytes;
        this.step = step;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        for (int at = 0; at < count; at += pieceBytes) {
            step.run();
            take(from, offset + at, Math.min(pieceBytes, count - at));
        }
    }

    private synchronized void take(byte[] from, int offset, int count) {
        taken.write(from, offset, count);
        writers.merge(Thread.currentThread(), count, Integer::sum);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    synchronized byte[] taken() {
        return taken.toByteArray();
    }

    synchronized int takenCount() {
        return taken.size();
    }

    /** Returns how many bytes the calling thread has written. */
    synchronized int writtenHere() {
        return writers.getOrDefault(Thread.currentThread(), 0);
    }
}
