// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.route.Registration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes frames as fast as they come, and tells when a batch is complete. Frames are counted inside turns of the broker, batches are
 * waited for on the main thread.
 */
public final class Drain {
    private static final AtomicInteger FRAMES = new AtomicInteger();
    private static final Semaphore BATCHES = new Semaphore(0);

    private Drain() {}

    /** Opens a handle and returns it; every {@code batch} frames on it make a batch. */
    public static int open(ChildContext child, int batch) {
        FRAMES.set(0);
        BATCHES.drainPermits();
        return child.router().addHandler(Registration.of((message, from) -> {
            if (FRAMES.incrementAndGet() % batch == 0) {
                BATCHES.release();
            }
        }));
    }

    /** Waits for a batch that nobody has waited for yet, and returns whether one came in time. */
    public static boolean awaitBatch(int seconds) throws InterruptedException {
        return BATCHES.tryAcquire(seconds, TimeUnit.SECONDS);
    }

    /** Closes a handle. */
    public static void close(ChildContext child, int handle) {
        child.router().removeHandler(handle);
    }
}
