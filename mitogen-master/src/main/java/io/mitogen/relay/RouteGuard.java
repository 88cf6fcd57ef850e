// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.route.Link;

/** Decides whether a context may live where an ADD_ROUTE says it does. */
@BrokerThread
public interface RouteGuard {
    /** For parents that do not give out ids themselves: the master, which does, decides. */
    RouteGuard NONE = (contextId, from) -> true;

    /** Tells whether {@code contextId} may have been started by a context behind {@code from}. */
    boolean allows(int contextId, Link from);
}
