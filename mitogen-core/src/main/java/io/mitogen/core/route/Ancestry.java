// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.BrokerThread;

/** Knows who started whom, of the contexts behind the links of this one. */
@BrokerThread
public interface Ancestry {
    /** Tells whether messages for {@code contextId}, which is reached over {@code link}, pass {@code relayId}, as far as is known. */
    boolean isOnTheWay(int relayId, int contextId, Link link);
}
