// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.parent.ConnectException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process ran out of when it could not start another, with the figures of that moment as Linux's {@code /proc} has
 * them. Immutable, any thread.
 */
final class Shortage {
    /** Descriptors that a context holds here while it is up. */
    static final int DESCRIPTORS_UP = 3;

    /** Descriptors that it may hold for a moment while its process is started: three pipes, what the JDK adds to them, /proc. */
    static final int DESCRIPTORS_STARTING = 16;

    private static final String[] WORDS_OF_DESCRIPTORS = {
        "Too many open files", "cannot list /proc/self/fd", "error=24,", "error=23,", "error: 24", "error: 23"
    };
    private static final String[] WORDS_OF_PROCESSES = {
        "Resource temporarily unavailable",
        "unable to create native thread",
        "pthread_create",
        "Cannot create VM thread",
        "Cannot fork",
        "Cannot create worker GC thread",
        "Failed to start thread",
        "error=11,",
        "error: 11"
    };
    private static final String[] WORDS_OF_MEMORY = {"error=12,", "error: 12", "Cannot allocate memory"};

    /** As they were at the start: without a descriptor they cannot be read. */
    private static final String[] FIRST_LIMITS = {limit("Max open files", 0, "?"), limit("Max open files", 1, "?")};

    /** What is said of many causes; this one is likely when descriptors are tight. */
    private static final String[] UNCLEAR_WORDS = {"cannot find the descriptors of a pipe", "spawn helper"};

    private static final int TIGHT = 2 * DESCRIPTORS_STARTING;

    private final Reason reason;
    private final String figures;

    private Shortage(Reason reason, String figures) {
        this.reason = reason;
        this.figures = figures;
    }

    /** Loads what is needed to describe a shortage while there is none. */
    static void prepare() {
        describeDescriptors();
        freeDescriptors();
    }

    /**
     * Refuses to start a process when descriptors may run out on the way. The JDK must not come to that point: it has been
     * seen, up to 17.0.15 at least, to close descriptors at random then, those of other contexts too.
     */
    static void checkDescriptors() throws IOException {
        int free = freeDescriptors();
        if (free < DESCRIPTORS_STARTING) {
            throw new IOException("Too many open files: " + free + " more descriptors could be opened, and to start a"
                    + " process takes up to " + DESCRIPTORS_STARTING);
        }
    }

    /** Returns the shortage that explains a failed start, null when it was something else. */
    static @Nullable Shortage behind(Throwable failure) {
        String words = failure.toString();
        if (says(words, WORDS_OF_PROCESSES)) {
            return new Shortage(Reason.OUT_OF_PROCESSES, describeProcesses());
        }
        if (says(words, WORDS_OF_MEMORY)) {
            return new Shortage(Reason.OUT_OF_MEMORY, "");
        }
        if (says(words, WORDS_OF_DESCRIPTORS) || says(words, UNCLEAR_WORDS) && freeDescriptors() < TIGHT) {
            return new Shortage(Reason.OUT_OF_DESCRIPTORS, describeDescriptors());
        }
        return null;
    }

    private static boolean says(String text, String[] words) {
        for (String each : words) {
            if (text.contains(each)) {
                return true;
            }
        }
        return false;
    }

    Reason reason() {
        return reason;
    }

    /**
     * Says what is short and what would help.
     *
     * @param up contexts that this process has started and that are up
     * @param asked those, and all that were asked for since no attempt was under way
     */
    String describe(int up, int asked) {
        String counts = up + " contexts are up here and " + asked + " were asked for";
        if (reason == Reason.OUT_OF_DESCRIPTORS) {
            return figures + "; a context takes up to " + DESCRIPTORS_STARTING + " while it is started and "
                    + DESCRIPTORS_UP + " when it is up; " + counts + ", which takes "
                    + (asked * DESCRIPTORS_UP + DESCRIPTORS_STARTING)
                    + " and more beside those of the program; raise RLIMIT_NOFILE (ulimit -n) of this process";
        }
        if (reason == Reason.OUT_OF_MEMORY) {
            return "the system has no memory for another process; " + counts
                    + ", each a process of some 40 MB here or more;"
                    + " see the memory of this machine, memory.max of this control group, and vm.overcommit_memory";
        }
        return figures
                + "; a context is one process or more here, with the threads of its JVM if it runs under this account; "
                + counts + "; raise RLIMIT_NPROC (ulimit -u) of this account, or pids.max of its control group";
    }

    private static int freeDescriptors() {
        int open = count();
        String limit = limit("Max open files", 0, FIRST_LIMITS[0]);
        try {
            int allowed = Integer.parseInt(limit);
            return open < 0 ? 0 : allowed - open;
        } catch (NumberFormatException expected) { // unlimited, or not Linux
            return Integer.MAX_VALUE;
        }
    }

    private static String describeDescriptors() {
        int open = count();
        return "this process has too few file descriptors left: " + (open < 0 ? "too many" : open) + " are open, "
                + limit("Max open files", 0, FIRST_LIMITS[0]) + " are allowed, "
                + limit("Max open files", 1, FIRST_LIMITS[1]) + " can be allowed to it";
    }

    /** Returns how many descriptors are open, less than 0 when not even that can be found out. */
    private static int count() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? -1 : open.length - 1; // one of them lists the others
    }

    private static String describeProcesses() {
        int running = threadsOfUser();
        return "no process or thread could be started: " + (running < 0 ? "an unknown number" : running) + " of "
                + HostName.user() + " are running, " + limit("Max processes", 0, "?") + " are allowed";
    }

    /** Returns how many threads there are of all processes of this account: what RLIMIT_NPROC counts. */
    private static int threadsOfUser() {
        String[] names = new File("/proc").list((folder, name) -> Character.isDigit(name.charAt(0)));
        String own = statusOf("self", "Uid:");
        int count = 0;
        for (String pid : names == null || own.isEmpty() ? new String[0] : names) {
            if (statusOf(pid, "Uid:").equals(own)) {
                count += Integer.parseInt("0" + statusOf(pid, "Threads:"));
            }
        }
        return count == 0 ? -1 : count;
    }

    /** Returns the first word of a line of a process's status, empty when it has ended. */
    private static String statusOf(String pid, String field) {
        return wordOf(Path.of("/proc", pid, "status"), field, 0);
    }

    /** Returns the soft (0) or hard (1) limit of this process. */
    private static String limit(String name, int column, String unknown) {
        String limit = wordOf(Path.of("/proc/self/limits"), name, column);
        return limit.isEmpty() ? unknown : limit;
    }

    private static String wordOf(Path file, String field, int column) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(field)) {
                    return line.substring(field.length()).trim().split("\\s+")[column];
                }
            }
        } catch (IOException | RuntimeException expected) {
            // not Linux, ended meanwhile, or there is no descriptor to read it
        }
        return "";
    }
}
