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

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.addLast(task);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
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
