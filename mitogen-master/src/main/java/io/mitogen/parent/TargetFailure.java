// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.parent.ConnectException.Reason;
import java.util.List;

/** Explains from its last words and its exit status why a process on a target ended before it was a context. Any thread. */
final class TargetFailure {
    /*
     * From the most certain to the most general: a JVM names memory among the things that may have been short when it could start
     * no thread, and what it got no memory for when it knows.
     */
    private static final String[] TAKEN = {
        "Address already in use", "Port already in use", "java.net.BindException", "Cannot load this JVM TI agent twice"
    };

    /** A Java 8's words for options of the boot script: the first, which it adds when the link is a socket, and the second, always. */
    private static final String[] UNKNOWN_TO_JAVA_8 = {
        "Unrecognized option: --add-opens", "Unrecognized option: -Xlog:cds"
    };

    private static final String[] NO_MEMORY = {
        "Could not reserve enough space",
        "Could not allocate compressed class space",
        "Could not allocate metaspace",
        "Native memory allocation (",
        "Cannot allocate memory",
        "errno=12)",
        "failed to map segment from shared object",
        "Failed to reserve memory",
        "OutOfMemoryError: Java heap space",
        "OutOfMemoryError: Metaspace"
    };
    private static final String[] NO_PROCESS = {
        "Resource temporarily unavailable",
        "unable to create native thread",
        "pthread_create failed",
        "Cannot create VM thread",
        "Cannot create worker GC thread",
        "Failed to start thread",
        "Cannot fork",
        "No more processes"
    };
    private static final String[] NO_DESCRIPTOR = {"Too many open files"};
    private static final String[] NO_SPACE = {"No space left on device", "Disk quota exceeded"};
    private static final String[] NOT_RUNNABLE = {
        "error while loading shared libraries",
        "Error: could not find libjava",
        "Error: failed /",
        "Error: missing `",
        "Exec format error",
        "cannot execute binary file",
        "cannot execute: "
    };
    private static final String[] REFUSED_OPTION = {
        "Unrecognized VM option",
        "Unrecognized option: ",
        "Improperly specified VM option",
        "Invalid maximum heap size",
        "Invalid initial heap size",
        "Too small ",
        "larger value than the maximum heap size",
        "Incompatible minimum and maximum heap sizes",
        "Multiple garbage collectors selected",
        "Conflicting collector",
        "must be enabled via -XX:+Unlock",
        "Could not find agent library",
        "Error opening zip file or JAR manifest missing",
        "Could not create the Java Virtual Machine"
    };
    private static final String DEBUGGER = "Listening for transport";

    private static final int SIGNALLED = 128;
    private static final int NO_STATUS = 255;

    private static final String MEMORY_REMEDY =
            "a smaller heap may do (jvmOptions, as \"-Xmx256m\"); else see the memory of"
                    + " that machine, memory.max of the control group there, and RLIMIT_AS of that account (ulimit -v)";
    private static final String KILLED = "the kernel does so when memory is short there, and says so in its log (dmesg,"
            + " journalctl -k): " + MEMORY_REMEDY;

    private TargetFailure() {}

    /** Returns what the lines tell, null for nothing. */
    static @Nullable Reply.Failure in(List<String> heard) {
        Reply.Failure failure =
                said(Reason.EXITED, "its JVM could not have what another one there holds", heard, TAKEN);
        if (failure != null) {
            return new Reply.Failure(Reason.EXITED, failure.text() + "; " + origin(heard));
        }
        if (line(heard, UNKNOWN_TO_JAVA_8) != null) {
            return new Reply.Failure(Reason.JAVA_TOO_OLD, "Java 17 or later is needed, found one before 9");
        }
        failure = shortage(heard);
        failure = failure != null
                ? failure
                : said(
                        Reason.NO_JAVA,
                        "the java that was found there cannot be run; name another with java",
                        heard,
                        NOT_RUNNABLE);
        return failure != null
                ? failure
                : said(
                        Reason.EXITED,
                        "its JVM refuses an option, of jvmOptions or of the target's environment (JAVA_TOOL_OPTIONS and the like)",
                        heard,
                        REFUSED_OPTION);
    }

    private static @Nullable Reply.Failure shortage(List<String> heard) {
        Reply.Failure failure = said(
                Reason.OUT_OF_MEMORY, "there is too little memory on the target; " + MEMORY_REMEDY, heard, NO_MEMORY);
        failure = failure != null
                ? failure
                : said(
                        Reason.OUT_OF_PROCESSES,
                        "no process or thread could be started there: see RLIMIT_NPROC of that account (ulimit -u), pids.max of"
                                + " its control group, and whether memory is left for one more",
                        heard,
                        NO_PROCESS);
        failure = failure != null
                ? failure
                : said(
                        Reason.OUT_OF_DESCRIPTORS,
                        "the target may not open enough descriptors: see RLIMIT_NOFILE of that account (ulimit -n)",
                        heard,
                        NO_DESCRIPTOR);
        return failure != null
                ? failure
                : said(Reason.NO_WRITABLE_FOLDER, "a file system of the target is full", heard, NO_SPACE);
    }

    /** Returns what an exit status means that the words do not explain, mostly nothing. */
    static String remark(int status) {
        if (status == NO_STATUS) {
            return "; over ssh that stands for a command that a signal killed, KILL mostly: " + KILLED;
        }
        return switch (status - SIGNALLED) {
            case 9 -> ": " + KILLED + "; or a limit of processor time (ulimit -t)";
            case 4 -> ": that java is for another processor";
            case 6, 7, 11 -> ": the JVM crashed; " + MEMORY_REMEDY + ", and free space in /dev/shm and /tmp there";
            case 24 -> ": RLIMIT_CPU of that account (ulimit -t)";
            case 25 -> ": RLIMIT_FSIZE of that account (ulimit -f)";
            case 31 -> ": a filter of system calls (seccomp) there forbids one";
            default -> "";
        };
    }

    /** Returns what to add to the failure of a JVM that did not end either, mostly nothing. */
    static String remark(List<String> heard) {
        String waiting = line(heard, DEBUGGER);
        return waiting == null
                ? ""
                : "; its JVM may be waiting for a debugger: " + waiting.strip() + "; " + origin(heard);
    }

    /** Says where the option comes from: a JVM tells which options it found in its environment. */
    private static String origin(List<String> heard) {
        for (String line : heard) {
            int start = line.indexOf("Picked up ");
            int end = line.indexOf(": ", Math.max(start, 0));
            List<String> sole = start < 0 || end < 0 ? List.of() : SoleOptions.in(line.substring(end + 2));
            if (!sole.isEmpty()) {
                return String.join(" ", sole) + " is for one JVM only, and comes from "
                        + line.substring(start + "Picked up ".length(), end)
                        + " of the target's environment; whoever runs the target, or its account, can take it out there";
            }
        }
        return "an option for one JVM only, of jvmOptions or of JAVA_TOOL_OPTIONS and the like on the target, is the cause";
    }

    private static @Nullable Reply.Failure said(Reason reason, String what, List<String> heard, String... words) {
        String line = line(heard, words);
        return line == null ? null : new Reply.Failure(reason, what + ": " + line.strip());
    }

    /** Returns the first line with one of these words, null when there is none. */
    private static @Nullable String line(List<String> heard, String... words) {
        for (String line : heard) {
            for (String word : words) {
                if (line.contains(word)) {
                    return line;
                }
            }
        }
        return null;
    }
}
