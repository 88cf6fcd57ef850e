// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.boot.ExitStatus;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerMember;
import io.mitogen.core.loop.Timer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The process of a child until it has ended: when its link is gone it gets the time to end by itself, then TERM, then KILL, at
 * the instants of Python's {@code Reaper} in {@code mitogen/parent.py}.
 */
@BrokerThread
final class ChildProcess implements BrokerMember {
    private static final long TERM_AFTER_NS = 50_000_000;
    private static final long KILL_AFTER_NS = 980_000_000;
    private static final long LOOK_AFTER_NS =
            2_000_000_000; // the JDK says nothing when it can get no thread to say it on

    private final Broker broker;
    private final Process process;
    private final ProcessTree tree;
    private final Log log;
    private final Runnable onExit;
    private final CompletableFuture<Void> forgotten = new CompletableFuture<>();
    private final Timer[] escalation = new Timer[3];
    private List<ProcessHandle> below = List.of();
    private boolean ended;
    private boolean termed; // by the forced end
    private long forcedNs; // start of the forced end, 0 before it

    /** Takes charge of {@code process}; {@code onExit} runs in a turn when it has ended. */
    ChildProcess(Broker broker, Process process, ProcessTree tree, Log log, Runnable onExit) {
        this.broker = broker;
        this.process = process;
        this.tree = tree;
        this.log = log;
        this.onExit = onExit;
    }

    void watch() {
        broker.join(this);
        try {
            CompletableFuture.anyOf(JdkThreads.onExit(process), forgotten).thenRun(() -> broker.tryDefer(this::onExit));
        } catch (OutOfMemoryError expected) { // the JDK can get no thread
            look();
        }
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Returns how the process ended, null while it has not. */
    @Nullable
    String status() {
        return process.isAlive() ? null : ExitStatus.describe(process.exitValue());
    }

    /** Returns what the process exited with, {@link Ending#UNKNOWN} while it has not. */
    int exitStatus() {
        return process.isAlive() ? Ending.UNKNOWN : process.exitValue();
    }

    private void onExit() {
        if (!ended) {
            ended = true;
            for (Timer timer : escalation) {
                if (timer != null) {
                    timer.cancel();
                }
            }
            broker.leave(this);
            onExit.run();
        }
    }

    /** Makes sure that the process ends: nobody talks to it any more. Calling again does nothing. */
    void reap() {
        if (!ended && escalation[0] == null) {
            escalation[0] = broker.after(TERM_AFTER_NS, this::terminate);
            escalation[1] = broker.after(KILL_AFTER_NS, () -> {
                log.debug("process " + process.pid() + " ignored TERM, killing it");
                kill();
            });
            escalation[2] = broker.after(LOOK_AFTER_NS, this::look);
        }
    }

    /** Leaves the process alone from now on, whatever becomes of it. */
    void release() {
        broker.leave(this);
    }

    /** Has the JDK forget this, which it otherwise knows until the process has ended. */
    void forget() {
        ended = true;
        forgotten.complete(null);
    }

    private void look() {
        if (!process.isAlive()) {
            onExit();
        } else if (!ended) {
            broker.after(LOOK_AFTER_NS, this::look);
        }
    }

    /**
     * Ends the process and those it started, which would otherwise outlive a wrapper or a hung context. By its handle, which only
     * signals: {@code Process.destroy} closes the streams, too, and waits where another thread is stuck in a write to one.
     */
    private void terminate() {
        below = tree.below(process);
        handle().destroy();
        for (ProcessHandle each : below) {
            each.destroy();
        }
    }

    private void kill() {
        List<ProcessHandle> later = List.of();
        try {
            later = tree.below(process);
        } catch (OutOfMemoryError expected) {
            // kill at least the process itself, which closes the links of those below
        }
        handle().destroyForcibly();
        killAll(below);
        killAll(later);
    }

    private static void killAll(List<ProcessHandle> processes) {
        for (ProcessHandle each : processes) {
            each.destroyForcibly();
        }
    }

    @Override
    public void onShutdown() {
        // the end of its link will start to reap it
    }

    /** Kills at once after the grace time. When the broker died, there was none, and no timer fires: TERM first, KILL later. */
    @Override
    public void onForcedEnd(String reason) {
        if (!broker.isClosed()) {
            kill();
            return;
        }
        long nowNs = broker.clock().nanoTime();
        if (forcedNs == 0) {
            forcedNs = nowNs | 1;
        }
        if (nowNs - forcedNs >= KILL_AFTER_NS) {
            kill();
        } else if (!termed && nowNs - forcedNs >= TERM_AFTER_NS) {
            terminate();
            termed = true;
        }
    }

    /** Asks the system: the JDK's thread that waits for the process may have died of the full heap. */
    @Override
    public boolean isGone() {
        return !handle().isAlive();
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }
}
