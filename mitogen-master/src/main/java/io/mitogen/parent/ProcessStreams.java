// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.TransmitSide;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A process just started, with the sides of its three standard streams, not opened yet. */
record ProcessStreams(Process process, TransmitSide stdin, ReceiveSide stdout, ReceiveSide stderr) {
    private static final long DISCARD_S = 1;

    /**
     * Ends a process that nobody wants any more; killing it at once would leave the boot command's folder. Any thread.
     *
     * @param waiting runs a task that waits for a second, at most
     */
    void discard(Executor waiting) {
        stdin.close();
        stdout.close();
        stderr.close();
        process.destroy();
        try {
            waiting.execute(this::killLater);
        } catch (RuntimeException | Error expected) {
            // no thread can be had: perhaps the very reason why it is not wanted
            process.destroyForcibly();
        }
    }

    private void killLater() {
        try {
            process.waitFor(DISCARD_S, TimeUnit.SECONDS);
        } catch (InterruptedException expected) { // nobody has a reason to interrupt a launch thread
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
