// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.route.Link;

/** Decides which contexts may be announced over a link. */
@BrokerThread
public interface RouteGuard {
    /**
     * Tells whether a context behind {@code from} may have started {@code contextId}, and notes the announcement: a second one is
     * refused.
     */
    boolean admit(int contextId, Link from);

    /** Tells whether {@code contextId} was announced and lies in a block that was granted to {@code ownerId}. */
    boolean isOwner(int ownerId, int contextId);
}
