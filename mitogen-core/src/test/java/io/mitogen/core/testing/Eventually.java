// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about. Any thread. */
public final class Eventually {
    private static final long CHECK_NS = 5_000_000;

    private Eventually() {}

    /** Returns when {@code condition} holds; fails with {@code what} when it does not within {@code limit}. */
    public static void until(Duration limit, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(CHECK_NS);
        }
    }

    /** As above, without a description. */
    public static void until(Duration limit, BooleanSupplier condition) {
        until(limit, "the condition", condition);
    }
}
