// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.core.loop.Broker;
import io.mitogen.master.Mitogen;

/** An application that has the library log, and has one thing to say through it. */
public final class RedeployedApplication {
    private RedeployedApplication() {}

    /** Runs. */
    public static void run(String text) {
        Mitogen.logToStderr();
        try (Broker broker = Mitogen.startBroker()) {
            broker.log().warning(text);
        }
    }
}
