// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.IOException;
import java.util.List;

/**
 * Runs a script in {@code /bin/sh} of some host: this machine, a container, what is behind an ssh server. Checks use it to look
 * at hosts that they are not on.
 */
@FunctionalInterface
public interface HostShell {
    /**
     * Runs a script to its end.
     *
     * @param script for {@code sh -c}
     * @param input for its standard input
     * @return what it printed on standard output
     * @throws IOException when it could not be run, or failed
     */
    String run(String script, String input) throws IOException;

    /** Returns the shell of this machine. */
    static HostShell local() {
        return (script, input) -> Tool.output(List.of("/bin/sh", "-c", script), input);
    }
}
