// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.wire.Frame;

/** Sees the frames that a router is about to forward, authentic ones only. */
@BrokerThread
public interface ForwardFilter {
    /** Returns what is forwarded in the place of {@code frame}, mostly itself; null when it has been dealt with. */
    @Nullable
    Writable onForward(Frame frame, Link in);
}
