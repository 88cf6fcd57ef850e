// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.parent.ConnectException.Reason;
import java.util.List;

/** Why a JVM did not reach its first class, found in the last lines of its process. Any thread. */
final class JvmFailure {
    /** What a Java 8 says to the option that the boot script adds when the link is a socket. */
    private static final String UNKNOWN_TO_JAVA_8 = "Unrecognized option: --add-opens";

    private static final String[] TAKEN = {
        "Address already in use", "Port already in use", "java.net.BindException", "Cannot load this JVM TI agent twice"
    };
    private static final String DEBUGGER = "Listening for transport";

    private JvmFailure() {}

    /** Returns what the lines tell, null for nothing. */
    static @Nullable Reply.Failure in(List<String> heard) {
        String taken = line(heard, TAKEN);
        if (taken != null) {
            return new Reply.Failure(
                    Reason.EXITED,
                    "its JVM could not have what another one there holds: " + taken.strip() + "; " + origin(heard));
        }
        return line(heard, UNKNOWN_TO_JAVA_8) == null
                ? null
                : new Reply.Failure(Reason.JAVA_TOO_OLD, "Java 17 or later is needed, found one before 9");
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
