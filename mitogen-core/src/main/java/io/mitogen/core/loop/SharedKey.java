// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import java.nio.channels.SelectionKey;

/** The key of a socket, which has one for both directions: tells each side what is ready, and closes with the second. */
@BrokerThread
final class SharedKey implements SelectorPoller.Ready {
    private final SelectionKey key;
    private final SelectorPoller.Ready receiver;
    private final SelectorPoller.Ready sender;
    private boolean half;

    SharedKey(SelectionKey key, SelectorPoller.Ready receiver, SelectorPoller.Ready sender) {
        this.key = key;
        this.receiver = receiver;
        this.sender = sender;
    }

    @Override
    public void onReady() {
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            sender.onReady();
        }
        if ((ready & SelectionKey.OP_READ) != 0 && key.isValid()) {
            receiver.onReady();
        }
    }

    /** One side is closed. Returns whether the other one still needs the channel. */
    boolean keep(int closedOperation) {
        if (half || !key.isValid()) {
            return false;
        }
        half = true;
        key.interestOpsAnd(~closedOperation);
        return true;
    }
}
