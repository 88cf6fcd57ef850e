// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.TransmitSide;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A process just started, with the sides of its three standard streams, not opened yet. */
record ProcessStreams(Process process, TransmitSide stdin, ReceiveSide stdout, ReceiveSide stderr) {
    private static final long DISCARD_NS = 1_000_000_000;

    /** Ends a process that nobody wants any more; killing it at once would leave the boot command's folder. Any thread. */
    void discard() {
        discard(CompletableFuture.delayedExecutor(DISCARD_NS, TimeUnit.NANOSECONDS));
    }

    /** @param later runs what it is given when the process has had its time */
    void discard(Executor later) {
        stdin.close();
        stdout.close();
        stderr.close();
        process.destroy();
        try {
            later.execute(process::destroyForcibly);
        } catch (RuntimeException | Error expected) {
            // no thread can be had: perhaps the very reason why it is not wanted
            process.destroyForcibly();
        }
    }
}
