// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.io.IOException;

/** How the broker thread waits. {@link #poll} runs outside the turn, {@link #dispatch} inside it. */
interface Poller {
    /** Waits until something is ready, {@link #wakeup} is called, or {@code waitNs} are over; 0 does not wait. */
    void poll(long waitNs) throws IOException;

    /** Serves what the last poll found ready. Returns the number of events. */
    int dispatch();

    /** Ends the poll under way, or the next one. Any thread. */
    void wakeup();

    /** Frees what the poller holds. */
    void close();
}
