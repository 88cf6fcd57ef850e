// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Receives from a stream that can only block, which it owns, with one thread. The thread borrows the broker's turn for the
 * bytes that it read, so protocols run under the same rules as on the broker thread.
 */
public final class PumpReceiveSide implements ReceiveSide, Runnable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private @Nullable Stream stream;
    private volatile boolean closed;

    public PumpReceiveSide(InputStream in) {
        this.in = in;
    }

    @Override
    public void start(Stream stream) {
        this.stream = stream;
        Threads.daemon("pump." + stream.name() + ".in", this).start();
    }

    @Override
    public void run() {
        byte[] bytes = new byte[BUFFER_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (!closed) {
            int count = -1;
            Exception failure = null;
            try {
                count = in.read(bytes);
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
            deliver(count < 0 ? null : buffer.clear().limit(count), failure);
        }
        closeSource();
    }

    /** Delivers bytes, or the end when there are none, in a turn of its own; what breaks the turn breaks the broker. */
    private void deliver(@Nullable ByteBuffer bytes, @Nullable Exception failure) {
        Broker broker = stream.broker();
        try {
            broker.beginTurn();
            try {
                onRead(bytes, failure);
            } finally {
                broker.endTurn();
            }
        } catch (Throwable e) {
            closed = true;
            broker.runInTurn(() -> broker.fail(e));
        }
    }

    private void onRead(@Nullable ByteBuffer bytes, @Nullable Exception failure) {
        if (closed) {
            return;
        }
        if (bytes != null) {
            stream.onBytes(bytes);
        } else if (failure == null) {
            stream.onEnd();
        } else {
            stream.onFailure(failure);
        }
    }

    /** The source itself is closed by the thread that reads it: on some systems a close waits for a read to end. */
    @Override
    public void close() {
        closed = true;
        if (stream == null) {
            closeSource();
        }
    }

    private void closeSource() {
        try {
            in.close();
        } catch (IOException expected) {
            // it was only read
        }
    }
}
