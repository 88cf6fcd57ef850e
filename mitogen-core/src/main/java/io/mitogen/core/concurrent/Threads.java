// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import io.mitogen.core.Nullable;
import java.util.function.BiConsumer;

/**
 * Makes every thread of the library: named with its context, and daemon, so that none keeps a JVM alive. An instance reports the
 * threads that serve one broker, so that a master can wait for their end. Any thread.
 */
public final class Threads {
    private volatile @Nullable BiConsumer<Object, Thread> watch;

    /** Makes an instance for a broker, without a listener. */
    public Threads() {}

    /**
     * Sets the listener that gets each thread before it starts, with its owner: the router that it serves, or a smaller part. A
     * listener that is also a {@link Runnable} is run at the end of each close of the broker that waits.
     */
    public void watch(BiConsumer<Object, Thread> watch) {
        this.watch = watch;
    }

    /** Returns the listener, null for none. */
    public @Nullable BiConsumer<Object, Thread> watch() {
        return watch;
    }

    /** Reports {@code thread}, which is not started yet, and returns it. */
    public Thread told(Object owner, Thread thread) {
        if (watch != null) {
            watch.accept(owner, thread);
        }
        return thread;
    }

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
