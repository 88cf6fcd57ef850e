// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Dispatcher;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.log.StdioCapture;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a child's process, whoever wants it: the parent (SHUTDOWN), the loss of the parent's link, a signal, or user code that
 * exits.
 *
 * <p>All ways lead through the JVM's own exit, where these steps run once, in this order: the watchdog starts, which halts the
 * process when the rest hangs; the dispatcher takes no more calls; the broker ends its children in order; processes that user code started
 * and left are killed; what was printed or answered last leaves over the link; the link closes.
 */
final class Shutdown {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long WATCHDOG_NS = 7_000_000_000L;
    private static final long DRAIN_CHECK_NS = 1_000_000;
    private static final int STEPS = 6;

    private final ChildContext child;
    private final Router router;
    private final InputStream link;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable Dispatcher dispatcher;
    private volatile @Nullable StdioCapture capture;
    private boolean isWatched; // shutdown hook

    /** @param link where the parent's bytes come from; its close must end a read that is under way */
    Shutdown(ChildContext child, InputStream link) {
        this.child = child;
        this.router = child.router();
        this.link = link;
        Runtime.getRuntime().addShutdownHook(Threads.daemon("shutdown", new Runnable() {
            @Override
            public void run() {
                runSteps();
            }
        }));
    }

    void dispatcher(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void capture(StdioCapture capture) {
        this.capture = capture;
    }

    /** Begins to end the process and returns; a hung function or a hung exit does not stop it. Without a thread it ends at once. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                Threads.daemon("exit", new Runnable() {
                            @Override
                            public void run() {
                                try {
                                    System.exit(status());
                                } finally { // exit itself ran out of memory
                                    Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
                                }
                            }
                        })
                        .start();
            } catch (OutOfMemoryError e) { // no thread can be had, and nobody will ask again
                Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
            }
        }
    }

    /** Waits for the end that has begun: if the main thread returned before the other exits, the status would be 0. */
    static void awaitEnd() {
        while (true) {
            Thread.interrupted(); // or it would not wait
            LockSupport.park();
        }
    }

    private int status() {
        return router.broker().endReason().contains("OutOfMemoryError") ? ExitStatus.OUT_OF_MEMORY : 0;
    }

    /** Runs all steps in order, each within a time limit. One that runs out of memory is skipped: the next may need less. */
    private void runSteps() {
        begun.set(true);
        for (int step = 0; step < STEPS; step++) {
            try {
                run(step);
            } catch (OutOfMemoryError expected) {
                // the exit status reports it
            }
        }
        if (!isWatched) { // other hooks might hang
            Runtime.getRuntime().halt(ExitStatus.OUT_OF_MEMORY);
        }
    }

    private void run(int step) {
        switch (step) {
            case 0 -> startWatchdog();
            case 1 -> stopCalls();
            case 2 -> router.broker().close();
            case 3 -> killDescendants();
            case 4 -> sendPrinted();
            default -> endLink();
        }
    }

    private void stopCalls() {
        Dispatcher running = dispatcher;
        if (running != null) {
            running.stop("the context is shutting down");
        }
    }

    private void sendPrinted() {
        StdioCapture printed = capture;
        if (printed != null) {
            printed.close();
        }
    }

    private void endLink() {
        Link parent = router.parent();
        if (parent != null) {
            drain(parent);
        }
        closeLink();
    }

    private void startWatchdog() {
        Threads.daemon("watchdog", new Runnable() {
                    @Override
                    public void run() {
                        haltLater();
                    }
                })
                .start();
        isWatched = true;
    }

    /** Waits until what was sent has left, within bounds: the process ends after this. */
    static void drain(Link parent) {
        Deadline deadline = Deadline.after(LAST_WORDS);
        while (parent.stream().queuedBytes() > 0 && !deadline.isOver()) {
            LockSupport.parkNanos(DRAIN_CHECK_NS);
        }
    }

    private void killDescendants() {
        for (Iterator<ProcessHandle> all = ProcessHandle.current().descendants().iterator(); all.hasNext(); ) {
            ProcessHandle each = all.next();
            if (!child.isSpared(each)) {
                each.destroyForcibly();
            }
        }
    }

    private void closeLink() {
        try {
            link.close();
        } catch (IOException expected) {
            // it was only read
        }
    }

    private static void haltLater() {
        Deadline deadline = Deadline.after(Duration.ofNanos(WATCHDOG_NS));
        while (!deadline.isOver()) {
            LockSupport.parkNanos(deadline.remainingNs());
        }
        Runtime.getRuntime().halt(ExitStatus.HUNG);
    }
}
