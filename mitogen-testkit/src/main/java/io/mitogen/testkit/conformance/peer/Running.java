// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Something that the kit started: a process, or what stands for one in a test. Any thread. */
public interface Running {
    /** Returns what it says; must be read by one thread at a time, and without a byte too many. */
    InputStream in();

    OutputStream out();

    /** Returns the last lines of standard error, for people; empty when there are none. */
    String errors();

    boolean isAlive();

    /** Returns in words whether it is alive, or how it ended. */
    String state();

    /** Tells whether it is a shell that has not become its command: what that closes, the shell keeps open. */
    boolean isShell();

    /** Waits for the end and returns the exit status; a signal N is 128 + N. */
    int awaitExit(Duration patience) throws Deviation;

    /** Ends it without asking, with all that it started. */
    void kill();

    /** Closes its link, gives it so long to end, then ends it with all that it started. */
    void stop(Duration grace);
}
