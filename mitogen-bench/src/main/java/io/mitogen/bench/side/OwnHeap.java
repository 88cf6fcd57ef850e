// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.lang.management.ManagementFactory;

/** The heap of this process. Any thread. */
public final class OwnHeap {
    private static final int MAX_COLLECTIONS = 10;

    private OwnHeap() {}

    /** Returns the bytes in use once everything has been collected that can be. */
    public static long usedBytes() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < MAX_COLLECTIONS; i++) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (now >= used) {
                break; // what one collection enqueues goes with the next
            }
            used = now;
        }
        return used;
    }
}
