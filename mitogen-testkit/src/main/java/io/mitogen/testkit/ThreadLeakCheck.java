// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds threads of Mitogen in this JVM. Those that run callbacks and launches end with their router, before that some seconds
 * after their last work. One thread at a time.
 */
public final class ThreadLeakCheck implements LeakCheck {
    private static final String PREFIX = "mitogen.";

    private final Set<String> before;

    private ThreadLeakCheck() {
        before = Set.copyOf(now());
    }

    /** Watches threads that are started from now on. */
    public static ThreadLeakCheck start() {
        return new ThreadLeakCheck();
    }

    @Override
    public Set<String> leftovers() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    @SuppressWarnings("deprecation") // getId: its successor came after Java 17
    private static Set<String> now() {
        Set<String> found = new LinkedHashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(PREFIX)) {
                found.add("thread " + thread.getId() + " " + thread.getName());
            }
        }
        return found;
    }
}
