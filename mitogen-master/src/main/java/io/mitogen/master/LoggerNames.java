// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.util.HashSet;
import java.util.Set;

/**
 * Limits how many loggers are named after contexts where a record cannot say another name than its logger's: in logging that is
 * not the JDK's own. It never forgets a name, and a program may have hundreds of thousands of contexts in its life. Any thread.
 */
final class LoggerNames {
    static final int MAX_NAMES = 1_000;

    private static final Set<String> ADMITTED = new HashSet<>(); // guarded by itself

    private LoggerNames() {}

    /** Returns {@code name}, which {@link ContextLoggers#nameOf} made, or {@link ContextLoggers#ROOT} if there are too many. */
    static String admit(String name) {
        synchronized (ADMITTED) {
            boolean isAdmitted = ADMITTED.contains(name) || ADMITTED.size() < MAX_NAMES && ADMITTED.add(name);
            return isAdmitted ? name : ContextLoggers.ROOT;
        }
    }

    /** Returns what a text begins with to tell what its logger does not: the original logger and, if needed, the context. */
    static String prefix(String name, String admitted, String source) {
        String context = name.equals(admitted) ? "" : name.substring(ContextLoggers.ROOT.length() + 1) + " ";
        return context + source + ": ";
    }
}
