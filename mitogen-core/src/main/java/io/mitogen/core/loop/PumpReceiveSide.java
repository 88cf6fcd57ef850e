// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Threads;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Receives from a stream that can only block, which it owns, with one thread. The thread borrows the broker's turn for the
 * bytes that it read, so protocols run under the same rules as on the broker thread.
 */
public final class PumpReceiveSide implements ReceiveSide, Runnable {
    private static final int BUFFER_BYTES = Broker.RECEIVE_BYTES;

    private final InputStream in;
    private final @Nullable FileChannel channel; // of a file: reads without a copy, and ends a read when it is closed
    private @Nullable Stream stream;
    private volatile boolean closed;

    public PumpReceiveSide(InputStream in) {
        this.in = in;
        this.channel = in instanceof FileInputStream ? ((FileInputStream) in).getChannel() : null;
    }

    @Override
    public void start(Stream stream) {
        this.stream = stream;
        boolean isRead = false;
        try {
            stream.broker()
                    .threads()
                    .told(stream, Threads.deafDaemon("pump." + stream.name() + ".in", this))
                    .start();
            isRead = true;
        } finally {
            if (!isRead) { // no thread can be had, so none will close it
                closeSource();
            }
        }
    }

    @Override
    public void run() {
        try {
            pump();
        } catch (Throwable e) { // a turn or a link that breaks by an error breaks the broker
            stream.broker().fail(e);
        }
        closeSource();
    }

    private void pump() {
        ByteBuffer buffer =
                channel == null ? ByteBuffer.allocate(BUFFER_BYTES) : ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (!closed) {
            int count = -1;
            Exception failure = null;
            try {
                count = channel == null ? in.read(buffer.array()) : channel.read(buffer.clear());
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
            deliver(count < 0 ? null : buffer.clear().limit(count), failure);
        }
    }

    /** Delivers bytes, or the end when there are none, in a turn of its own. */
    private void deliver(@Nullable ByteBuffer bytes, @Nullable Exception failure) {
        Broker broker = stream.broker();
        broker.beginTurn();
        try {
            onRead(bytes, failure);
        } finally {
            broker.endTurn();
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
