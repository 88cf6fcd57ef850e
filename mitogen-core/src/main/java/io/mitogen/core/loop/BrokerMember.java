// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;

/** Something whose end an ordered shutdown waits for: a stream, a child process. Called inside turns. */
@BrokerThread
public interface BrokerMember {
    /** Shutdown has begun; end yourself in order, then call {@link Broker#leave}. */
    void onShutdown();

    /**
     * The grace time is over, or the broker broke: free everything at once. Called again after an {@link OutOfMemoryError}, and
     * until {@link #isGone} returns true.
     */
    void onForcedEnd(String reason);

    /** Tells, after {@link #onForcedEnd}, whether nothing is left to wait for. */
    default boolean isGone() {
        return true;
    }
}
