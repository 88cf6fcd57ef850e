// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.function.Consumer;

/**
 * Waits for channels, with a selector of its own. Ready keys go through a list that is used again and again, because the
 * selector's own set would allocate for every event.
 */
final class SelectorPoller implements Poller, Consumer<SelectionKey> {
    /** What a channel's key carries. */
    @BrokerThread
    interface Ready {
        /** The channel is ready for what it was interested in. */
        void onReady();
    }

    private static final long NS_PER_MS = 1_000_000;

    private final Selector selector;
    private final ArrayList<SelectionKey> ready = new ArrayList<>(); // broker thread

    SelectorPoller() throws IOException {
        selector = Selector.open();
    }

    @Override
    public void poll(long waitNs) throws IOException {
        if (waitNs <= 0) {
            selector.selectNow(this);
        } else {
            selector.select(this, Math.max(1, waitNs / NS_PER_MS + (waitNs % NS_PER_MS == 0 ? 0 : 1)));
        }
    }

    /** The selector found a key ready. */
    @Override
    public void accept(SelectionKey key) {
        ready.add(key);
    }

    @Override
    public int dispatch() {
        int events = 0;
        for (int i = 0; i < ready.size(); i++) {
            SelectionKey key = ready.get(i);
            if (key.isValid()) {
                ((Ready) key.attachment()).onReady();
                events++;
            }
        }
        ready.clear();
        return events;
    }

    /**
     * Watches {@code channel}, which must not block, for {@code operations}. A socket may have two watchers: one that only
     * sends, which comes first, and one that only receives.
     */
    SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws ClosedChannelException {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            key = channel.register(selector, operations, ready);
        } else if (operations != SelectionKey.OP_READ || !(key.attachment() instanceof ChannelTransmitSide)) {
            throw new IllegalStateException("two sides that do the same cannot share " + channel);
        } else {
            key.attach(new SharedKey(key, ready, (Ready) key.attachment()));
            key.interestOpsOr(operations);
        }
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
