// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;

/** Hears of the end of a broker. Called inside its turns; must not wait. */
@BrokerThread
public interface BrokerListener {
    /** Shutdown has begun: finish what can be finished within the grace time. Called once, before the members hear of it. */
    void onShutdown();

    /**
     * The broker ends now, for {@code reason}: fail everything that still waits for it. Called last, and once, unless it
     * throws an {@link OutOfMemoryError}: then it is called again, until it returns.
     */
    void onExit(String reason);
}
