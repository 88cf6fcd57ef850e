// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads or processes bring about and say to nobody. Any thread. */
public final class Eventually {
    private static final long CHECK_NS = 1_000_000;

    private Eventually() {}

    /** Returns when {@code condition} holds; fails when it does not within {@code timeout}. */
    public static void until(Duration timeout, BooleanSupplier condition) {
        until(timeout, condition, "the condition");
    }

    /** As {@link #until(Duration, BooleanSupplier)}, failing with the name of {@code what} did not come. */
    public static void until(Duration timeout, BooleanSupplier condition, String what) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > timeout.toNanos()) {
                throw new AssertionError("not within " + timeout.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(CHECK_NS);
        }
    }
}
