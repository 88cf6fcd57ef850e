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

    /**
     * As {@link #daemon}, but no interrupt reaches the thread: for one that reads a channel, which an interrupt closes. User code
     * may interrupt all threads of its group, when it ends its own.
     */
    public static Thread deafDaemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, "mitogen." + name, 0, false) {
            @Override
            public void interrupt() {}
        };
        thread.setDaemon(true);
        return thread;
    }
}
