// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.time.Duration;

/**
 * What everything in one run of the kit shares. Any thread.
 *
 * @param patience how long to wait for anything whose rule sets no time of its own; {@link Limits} has the times that rules set
 * @param transcript what was said on all links since the current case began
 * @param processes what was started and may still live
 */
public record Session(Duration patience, Transcript transcript, Processes processes) {
    /**
     * Returns how long to wait for the start of a context. Until one has started, that is the patience of the user, as the command may be wrong; after
     * that, a busy machine is the more likely reason.
     */
    Duration startPatience() {
        return processes.hasStartedAny() ? patience.plus(Limits.START) : patience;
    }

    /** Returns a session in which nothing has happened yet. */
    public static Session of(Duration patience) {
        return new Session(patience, new Transcript(), new Processes());
    }
}
