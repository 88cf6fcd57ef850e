// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;

/**
 * Stands in memory where a stream has its pipe, so that what is measured is the library and not the kernel. For selectors it is
 * one end of a pipe in which nothing happens. One thread at a time.
 */
abstract class StandInChannel extends SelectableChannel {
    private final Pipe pipe;
    private final SelectableChannel registered;

    /** @param writable whether the end is the one to write to */
    StandInChannel(boolean writable) throws IOException {
        pipe = Pipe.open();
        registered = writable ? pipe.sink() : pipe.source();
    }

    @Override
    public final SelectorProvider provider() {
        return registered.provider();
    }

    @Override
    public final int validOps() {
        return registered.validOps();
    }

    @Override
    public final boolean isRegistered() {
        return registered.isRegistered();
    }

    @Override
    public final SelectionKey keyFor(Selector selector) {
        return registered.keyFor(selector);
    }

    @Override
    public final SelectionKey register(Selector selector, int operations, Object attachment)
            throws ClosedChannelException {
        return registered.register(selector, operations, attachment);
    }

    @Override
    public final SelectableChannel configureBlocking(boolean block) throws IOException {
        registered.configureBlocking(block);
        return this;
    }

    @Override
    public final boolean isBlocking() {
        return registered.isBlocking();
    }

    @Override
    public final Object blockingLock() {
        return registered.blockingLock();
    }

    @Override
    protected final void implCloseChannel() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }
}
