// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.List;

/**
 * How a started process ended before its context was ready. Immutable.
 *
 * @param heard the last lines that came, oldest first
 * @param exitStatus what it exited with, {@link #UNKNOWN} when only its output ended
 * @param commandRan whether the command that makes the context had begun where it shall live
 */
public record Ending(List<String> heard, int exitStatus, boolean commandRan) {
    /** Of a process that has not ended yet. */
    public static final int UNKNOWN = -1;

    public Ending {
        heard = List.copyOf(heard);
    }
}
