// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Repeats a {@link SecretSearch} on this machine until closed, to see secrets that show for a moment only. One daemon thread,
 * which rests between passes; what lives for less than a pass and a rest, some milliseconds, it may miss. Any thread.
 *
 * <pre>{@code
 * try (SecretWatch watch = SecretWatch.start(secrets, SecretSearch.TEMPORARY_FOLDERS)) {
 *     ...
 *     watch.check();
 * }
 * }</pre>
 */
public final class SecretWatch implements AutoCloseable {
    private static final long REST_NS = 3_000_000;

    /** How long {@link #close} waits for the pass that is under way. */
    private static final long END_LIMIT_MS = 30_000;

    private final List<String> secrets;
    private final List<String> folders;
    private final Set<String> found = new LinkedHashSet<>(); // under its own lock
    private final AtomicLong passes = new AtomicLong();
    private final Thread thread = new Thread(this::run, "mitogen.testkit.secret-watch");
    private volatile boolean isClosed;

    private SecretWatch(List<String> secrets, List<String> folders) {
        this.secrets = List.copyOf(secrets);
        this.folders = List.copyOf(folders);
    }

    /** Begins to search as {@link SecretSearch#search} does; the first pass is over when this returns. */
    public static SecretWatch start(List<String> secrets, List<String> folders) {
        SecretWatch watch = new SecretWatch(secrets, folders);
        watch.pass();
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    /** Returns the places where a secret has been seen so far. */
    public Set<String> found() {
        synchronized (found) {
            return new LinkedHashSet<>(found);
        }
    }

    /**
     * Searches once more.
     *
     * @throws AssertionError that lists the places where a secret has been seen since the start
     */
    public void check() {
        pass();
        if (!found().isEmpty()) {
            throw new AssertionError("secrets were seen in:\n  " + String.join("\n  ", found()));
        }
    }

    /** Returns how many times everything has been searched. */
    public long passes() {
        return passes.get();
    }

    /** Ends the search. */
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(END_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed) {
            pass();
            LockSupport.parkNanos(REST_NS);
        }
    }

    private void pass() {
        List<String> places = SecretSearch.search(secrets, folders);
        synchronized (found) {
            found.addAll(places);
        }
        passes.incrementAndGet();
    }
}
