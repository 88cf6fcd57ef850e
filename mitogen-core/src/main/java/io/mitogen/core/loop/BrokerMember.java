// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;

/** Something whose end an ordered shutdown waits for: a stream, a child process. Called inside turns. */
@BrokerThread
public interface BrokerMember {
    /** Shutdown has begun; end yourself in order, then call {@link Broker#leave}. */
    void onShutdown();

    /** The grace time is over, or the broker broke: free everything at once. */
    void onForcedEnd(String reason);
}
