// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;

/** Waits for channels, with a selector of its own. */
final class SelectorPoller implements Poller {
    /** What a channel's key carries. */
    @BrokerThread
    interface Ready {
        /** The channel is ready for what it was interested in. */
        void onReady();
    }

    private static final long NS_PER_MS = 1_000_000;

    private final Selector selector;

    SelectorPoller() throws IOException {
        selector = Selector.open();
    }

    @Override
    public void poll(long waitNs) throws IOException {
        if (waitNs <= 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, waitNs / NS_PER_MS + (waitNs % NS_PER_MS == 0 ? 0 : 1)));
        }
    }

    @Override
    public int dispatch() {
        int events = 0;
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.isValid()) {
                ((Ready) key.attachment()).onReady();
                events++;
            }
        }
        return events;
    }

    /** Watches {@code channel}, which must not block, for {@code operations}. */
    SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws ClosedChannelException {
        SelectionKey key = channel.register(selector, operations, ready);
        selector.wakeup();
        return key;
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException expected) {
            // nothing can be done, and nothing depends on it: the broker is at its end
        }
    }
}
