// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices when the whole program stands still, as when its machine is paused or overloaded: figures of that time are worth
 * little, and deadlines pass that would not have. A thread of its own wakes up often and counts how much too late it does. Any
 * thread. Close it.
 */
final class Standstills implements AutoCloseable {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long COUNTS_NS = TimeUnit.SECONDS.toNanos(1); // what is shorter, a busy machine does, too

    private final AtomicLong lostNs = new AtomicLong();
    private final Thread thread = new Thread(this::watch, "standstills");
    private volatile boolean closed;

    /** Begins to watch. */
    Standstills() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long beforeNs = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(TICK_NS);
            long nowNs = System.nanoTime();
            onTick(nowNs - beforeNs);
            beforeNs = nowNs;
        }
    }

    /** Takes in how long a tick took. */
    void onTick(long tookNs) {
        if (tookNs > COUNTS_NS) {
            lostNs.addAndGet(tookNs);
        }
    }

    /** Returns how many seconds the program has stood still up to now. */
    double lostSeconds() {
        return lostNs.get() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
