// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;

/**
 * A channel that takes everything at once and counts the writes, each of which is a system call in a real one. For selectors it
 * is a pipe in which nothing happens. For the test's own thread.
 */
public final class CountingSink extends SelectableChannel implements GatheringByteChannel {
    private final Pipe pipe = Pipe.open();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int writes;
    private int failures;
    private @Nullable Throwable failure;

    public CountingSink() throws IOException {}

    /** Returns the number of writes since the last time. */
    public int takeWrites() {
        int count = writes;
        writes = 0;
        return count;
    }

    /** Returns what was written since the last time. */
    public byte[] takeBytes() {
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        writes++;
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += take(from[i]);
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] from) {
        return write(from, 0, from.length);
    }

    @Override
    public int write(ByteBuffer from) {
        writes++;
        return take(from);
    }

    /** Has the next writes take nothing and throw an error or an unchecked exception. */
    public void failNext(int count, Throwable failure) {
        this.failures = count;
        this.failure = failure;
    }

    private int take(ByteBuffer from) {
        if (failures > 0) {
            failures--;
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            throw (RuntimeException) failure;
        }
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        written.writeBytes(bytes);
        return bytes.length;
    }

    @Override
    public SelectorProvider provider() {
        return pipe.sink().provider();
    }

    @Override
    public int validOps() {
        return pipe.sink().validOps();
    }

    @Override
    public boolean isRegistered() {
        return pipe.sink().isRegistered();
    }

    @Override
    public SelectionKey keyFor(Selector selector) {
        return pipe.sink().keyFor(selector);
    }

    @Override
    public SelectionKey register(Selector selector, int operations, Object attachment) throws ClosedChannelException {
        return pipe.sink().register(selector, operations, attachment);
    }

    @Override
    public SelectableChannel configureBlocking(boolean block) throws IOException {
        pipe.sink().configureBlocking(block);
        return this;
    }

    @Override
    public boolean isBlocking() {
        return pipe.sink().isBlocking();
    }

    @Override
    public Object blockingLock() {
        return pipe.sink().blockingLock();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }
}
