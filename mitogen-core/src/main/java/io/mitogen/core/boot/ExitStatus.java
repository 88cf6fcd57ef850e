// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

/** What the exit status of a child's process means: its own, and those of shells. Any thread. */
public final class ExitStatus {
    /** A thread that the context cannot do without ran out of memory; chosen because nothing else is known to use it. */
    public static final int OUT_OF_MEMORY = 113;

    /** The end hung and was cut off. */
    static final int HUNG = 114;

    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 64;

    private ExitStatus() {}

    /** Describes a status for a message. */
    public static String describe(int status) {
        String meaning = "";
        if (status == OUT_OF_MEMORY) {
            meaning = " (out of memory)";
        } else if (status == HUNG) {
            meaning = " (its shutdown hung)";
        } else if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
            meaning = " (killed by signal " + (status - SIGNALLED) + ")";
        }
        return "exit status " + status + meaning;
    }
}
