// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Does what may make the JDK start a thread that outlives the program which caused it, and serves others later: its reapers of
 * processes. On Java 17 such a thread keeps the context class loader of the one that it was started from, and so an
 * application that was taken down long ago. Any thread.
 */
public final class JdkThreads {
    private JdkThreads() {}

    /** Starts a process, as {@link ProcessBuilder#start} does. */
    public static Process start(ProcessBuilder builder) throws IOException {
        ClassLoader before = enter();
        try {
            return builder.start();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /**
     * Returns what {@link Process#onExit} does. For a process that has ended the JDK might start a reaper right here, which keeps
     * the access control context, too: so that one is not asked.
     */
    static CompletableFuture<Process> onExit(Process process) {
        if (!process.isAlive()) {
            return CompletableFuture.completedFuture(process);
        }
        ClassLoader before = enter();
        try {
            return process.onExit();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static ClassLoader enter() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return before;
    }
}
