// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;

/** Hears of contexts that can no longer be reached. */
@BrokerThread
public interface RouterListener {
    /** A route is gone; {@code over} is the link it led over, null when the parent said so. May come twice for one id. */
    void onContextGone(int contextId, @Nullable Link over, String reason);

    /** A link, already closed, is gone, after its contexts were. */
    void onLinkGone(Link link, String reason);

    /** Returns how and when the context {@code contextId} ended, null when this does not know. Any thread. */
    default @Nullable String endOf(int contextId) {
        return null;
    }

    /** Returns what one of {@code listeners} knows of the end of {@code contextId}, after a colon; empty when none does. */
    static String endOf(int contextId, Iterable<RouterListener> listeners) {
        for (RouterListener listener : listeners) {
            String end = listener.endOf(contextId);
            if (end != null) {
                return ": " + end;
            }
        }
        return "";
    }
}
