// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

/** Makes every thread of the library: named with its context, and daemon, so that none keeps a JVM alive. */
public final class Threads {
    private Threads() {}

    /** Returns a new daemon thread, not started. {@code name} gets the prefix {@code mitogen.}. */
    public static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, "mitogen." + name, 0, false);
        thread.setDaemon(true);
        return thread;
    }
}
