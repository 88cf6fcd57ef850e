// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import com.github.dockerjava.api.exception.NotFoundException;

/** How things are removed from the engine. Any thread. */
final class Removal {
    private Removal() {}

    /** Removes a thing unless it is gone, also when interrupted: the connection to the engine fails in that state. */
    static void run(Runnable command) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            command.run();
        } catch (NotFoundException expected) { // removed before
            return;
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
