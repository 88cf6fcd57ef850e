// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.parent.ConnectException.Reason;
import java.util.Set;

/** The remark on a command that is longer than some hosts take. Any thread. */
final class LongCommand {
    /** Of Windows; dropbear has 9,000. The command of a JVM context leaves more than a thousand of them to {@code jvmOptions}. */
    static final int MAX_CHARS = 8_191;

    /** What a host that refuses a command may look like. */
    private static final Set<Reason> ALIKE = Set.of(Reason.EXITED, Reason.DISCONNECTED, Reason.SHELL_REFUSED);

    private LongCommand() {}

    /**
     * Returns what to add to the text of a failure, mostly nothing.
     *
     * @param ran whether the command was seen to run
     */
    static String remark(Launch launch, Reason reason, boolean ran) {
        int longest = launch.argv().stream().mapToInt(String::length).max().orElse(0);
        return !ran && longest > MAX_CHARS && ALIKE.contains(reason)
                ? "; the command has " + longest
                        + " characters, and the host may take fewer: dropbear takes 9000, Windows " + MAX_CHARS
                        + "; shorten jvmOptions or the name of the context"
                : "";
    }
}
