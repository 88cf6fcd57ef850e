// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Samples;
import io.mitogen.bench.side.PythonPeer;
import io.mitogen.core.Nullable;
import java.io.IOException;

/**
 * Where a workload finds what it is measured with. Thread of the suite.
 *
 * @param effort how much is done
 * @param python the peer; null when there is none
 */
public record Stand(Effort effort, @Nullable PythonPeer python) {
    /** How long one command to the peer may take. */
    private static final int COMMAND_SECONDS = 120;

    /** Has the peer measure something, if there is one. */
    void python(Samples samples, String command, long... arguments) throws IOException, InterruptedException {
        if (python != null) {
            python.measure(samples, COMMAND_SECONDS, command, arguments);
        }
    }

    /** Has the peer end the contexts that its commands share. */
    void endPython() throws IOException, InterruptedException {
        python(new Samples(), "end");
    }
}
