// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Runs tasks one at a time, in order, on another executor. Any thread. User callbacks go here, never into a broker turn.
 *
 * <p>A task that throws is reported to the thread's uncaught exception handler; the ones behind it still run.
 */
public final class Lane implements Executor {
    private final Executor executor;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean running; // guarded by waiting

    public Lane(Executor executor) {
        this.executor = executor;
    }

    /** Runs {@code task} after those before it. What the executor throws is thrown, and the task is not run then. */
    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.addLast(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RuntimeException | Error e) {
            boolean others;
            synchronized (waiting) {
                waiting.removeFirstOccurrence(task);
                others = !waiting.isEmpty();
                running = others;
            }
            if (others) {
                startThread(); // they were told that their tasks would run
            }
            throw e;
        }
    }

    private void startThread() {
        boolean isStarted = false;
        try {
            Threads.daemon("lane", this::drain).start();
            isStarted = true;
        } finally {
            if (!isStarted) { // the next execute tries again
                synchronized (waiting) {
                    running = false;
                }
            }
        }
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                report(e);
            }
        }
    }

    private static void report(Throwable failure) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        } catch (RuntimeException | Error expected) {
            // whoever reports badly must not stop the lane: the JVM ignores such a failure as well
        }
    }

    private Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.pollFirst();
            running = task != null;
            return task;
        }
    }
}
