// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.IOException;

/**
 * The program that a Python Mitogen master starts in the place of a Python interpreter, to have a JVM context:
 *
 * <pre>java -cp mitogen-core.jar:mitogen-master.jar:… io.mitogen.foreign.ChildOfPython [-n NAME] [-m] -c PROGRAM …</pre>
 *
 * <p>{@code -c} and what follows it, which are for Python, are not looked at. {@code -n} names the context. {@code -m} says that
 * the link was moved to descriptors 3 and 4, and descriptor 1 is a FIFO that is open for both directions; our Python module starts
 * it so.
 *
 * <p>Exit status: 0 in the end, {@value #NO_LINK} when the link or what came over it cannot be used, {@value #USAGE} for wrong
 * arguments, and those of {@code ExitStatus}.
 */
public final class ChildOfPython {
    private static final int USAGE = 64; // EX_USAGE of sysexits.h
    private static final int NO_LINK = 65; // EX_DATAERR

    private ChildOfPython() {}

    public static void main(String[] args) {
        String name = null;
        boolean isMoved = false;
        int at = 0;
        for (; at < args.length && !args[at].equals("-c"); at++) {
            if (args[at].equals("-m")) {
                isMoved = true;
            } else if (args[at].equals("-n") && at + 1 < args.length) {
                name = args[++at];
            } else {
                fail(USAGE, "unknown argument " + args[at] + "; a Python Mitogen master starts this program, with -c");
            }
        }
        try {
            ForeignChild.run(name, isMoved);
        } catch (IOException | RuntimeException e) {
            fail(NO_LINK, "no context of a Python Mitogen master: " + e.getMessage());
        }
    }

    private static void fail(int status, String text) {
        System.err.println("io.mitogen.foreign.ChildOfPython: " + text);
        System.exit(status);
    }
}
