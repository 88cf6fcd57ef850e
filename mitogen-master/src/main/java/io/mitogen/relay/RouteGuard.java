// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.route.Link;

/** Decides which contexts may be said to live behind a link. */
@BrokerThread
public interface RouteGuard {
    /**
     * Tells whether {@code contextId} may have been started by a context behind {@code from}, and remembers that it was announced:
     * there is no second time.
     */
    boolean admit(int contextId, Link from);

    /** Tells whether {@code contextId} is out of a block of ids that was granted to {@code ownerId}, and was announced. */
    boolean isOwner(int ownerId, int contextId);
}
