// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.lang.management.ManagementFactory;

/** The heap of this process. Any thread. */
public final class OwnHeap {
    private static final int COLLECTIONS = 3; // the first enqueues references whose referents go with the next

    private OwnHeap() {}

    /** Returns the bytes in use once everything has been collected that can be. */
    public static long usedBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
