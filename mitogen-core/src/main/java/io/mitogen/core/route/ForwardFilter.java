// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.wire.Frame;

/** Inspects the frames that a router is about to forward. All of them have passed the source check. */
@BrokerThread
public interface ForwardFilter {
    /** Returns the item to forward, usually {@code frame} itself; null when the filter has answered or dropped it. */
    @Nullable
    Writable onForward(Frame frame, Link in);
}
