// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Finds what processes have started, and what that has started. */
final class ProcessTreeIT {
    private static final String CHILD_AND_GRANDCHILD =
            "sh -c 'sh -c \"echo \\$\\$; read x\" <&3 & echo $$; wait' 3<&0; :";

    @Test
    void shouldFindProcessesAtAnyDepthBelowEach() throws Exception {
        Process one = new ProcessBuilder("sh", "-c", CHILD_AND_GRANDCHILD).start();
        Process other = new ProcessBuilder("sh", "-c", CHILD_AND_GRANDCHILD).start();
        try {
            Set<Long> belowOne = twoNumbers(one.inputReader());
            Set<Long> belowOther = twoNumbers(other.inputReader());
            ProcessTree tree = new ProcessTree();

            assertEquals(belowOne, pids(tree.below(one)));
            assertEquals(belowOther, pids(tree.below(other)));
        } finally {
            one.getOutputStream().close();
            other.getOutputStream().close();
            one.waitFor();
            other.waitFor();
        }
    }

    private static Set<Long> twoNumbers(BufferedReader lines) throws Exception {
        return Set.of(Long.parseLong(lines.readLine()), Long.parseLong(lines.readLine()));
    }

    private static Set<Long> pids(List<ProcessHandle> processes) {
        return processes.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
}
