// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Message;

/** Receives the messages of one handle, dead ones included. */
@BrokerThread
public interface MessageHandler {
    /**
     * Takes one message; {@code from} is the link it came on, null when it was sent in this context. Must not wait. A
     * message that is dead because the router has ended comes on the thread that adds the handler.
     */
    void onMessage(Message message, @Nullable Link from);
}
