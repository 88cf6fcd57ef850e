// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The processor time of a thread. Any thread. */
public final class ThreadTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NS_PER_S = 1e9;

    private ThreadTime() {}

    /** Returns the processor time that the calling thread has used, in seconds. */
    public static double ownSeconds() {
        return THREADS.getCurrentThreadCpuTime() / NS_PER_S;
    }
}
