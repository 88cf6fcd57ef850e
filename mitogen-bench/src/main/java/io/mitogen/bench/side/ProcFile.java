// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says of a process. Any thread. */
public final class ProcFile {
    /** The steps of {@link #cpuSeconds}. */
    public static final double CPU_STEP_SECONDS = 0.01;

    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all Linux systems that run a JVM
    private static final int USER_FIELD = 11; // utime in proc(5), counted from what follows the name

    private ProcFile() {}

    /** Returns the processor time of all threads, in seconds; steps of 10 ms. */
    public static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[USER_FIELD + 1])) / TICKS_PER_SECOND;
    }

    /** Returns the resident memory, in KiB. */
    public static double residentKib(long pid) throws IOException {
        return kib(pid, "status", "VmRSS:");
    }

    /** Returns the resident memory, in KiB, of which what n processes share counts as an n-th. */
    public static double proportionalKib(long pid) throws IOException {
        return kib(pid, "smaps_rollup", "Pss:");
    }

    private static double kib(long pid, String file, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
            if (line.startsWith(field)) {
                return Double.parseDouble(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no " + field + " in " + file + " of process " + pid);
    }

    /** Returns the number of open descriptors of this process. */
    public static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count() - 1; // but for the one that lists them
        }
    }
}
