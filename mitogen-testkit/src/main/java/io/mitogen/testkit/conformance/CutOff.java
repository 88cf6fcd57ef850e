// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a TERM or an INT does: it ends the processes of the run, and gives the run a moment to write what it knows. In force until {@link #end}. Thread
 * of the run; the signal is on one of the JVM.
 */
final class CutOff {
    /** Those who send a TERM send a KILL about ten seconds later. */
    private static final long WRITE_S = 8;

    private final Runner runner;
    private final CountDownLatch isOver = new CountDownLatch(1);
    private final Thread hook = new Thread(this::run, "conformance cut off");

    CutOff(Runner runner) {
        this.runner = runner;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void run() {
        runner.cutOff();
        try {
            isOver.await(WRITE_S, TimeUnit.SECONDS);
        } catch (InterruptedException expected) { // nobody waits any more
            return;
        }
    }

    /** The run has written what it knows. */
    void end() {
        isOver.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException expected) { // the JVM ends already: this is what the hook waits for
            return;
        }
    }
}
