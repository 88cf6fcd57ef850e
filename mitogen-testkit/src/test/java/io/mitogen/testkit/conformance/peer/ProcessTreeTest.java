// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that was started is ended, whoever started it and whatever it ignores. */
@Timeout(60)
final class ProcessTreeTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration NO_GRACE = Duration.ofMillis(50);

    private static ChildProcess shell(String command) throws IOException {
        return new ChildProcess(List.of("/bin/sh", "-c", command));
    }

    /** Returns the process whose number the shell prints. */
    private static ProcessHandle printed(ChildProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.in().read(); c != '\n'; c = process.in().read()) {
            line.append((char) c);
        }
        return ProcessHandle.of(Long.parseLong(line.toString())).orElseThrow();
    }

    private static boolean isGone(ProcessHandle process) {
        return new ProcessTree(process).awaitEnd(1);
    }

    @Test
    void shouldEndWhatAShellHasStartedWhenItIsStopped() throws IOException {
        ChildProcess process = shell("trap '' TERM; sleep 600 & echo $!; wait; true");
        ProcessHandle grandchild = printed(process);
        process.stop(NO_GRACE);
        assertFalse(process.isAlive());
        Eventually.until(SOON, () -> isGone(grandchild));
    }

    @Test
    void shouldEndWhatAShellHasStartedWhenItIsKilled() throws IOException {
        ChildProcess process = shell("sleep 600 & echo $!; wait; true");
        ProcessHandle grandchild = printed(process);
        assertTrue(process.isShell());
        process.kill();
        Eventually.until(SOON, () -> isGone(grandchild));
    }

    @Test
    void shouldEndOrphansThatItHasSeen() throws IOException, Deviation {
        ChildProcess process = shell("sleep 600 & echo $!; read line; exit 5");
        ProcessHandle grandchild = printed(process);
        assertTrue(process.isShell());
        process.out().write('\n');
        process.out().close();
        assertEquals(5, process.awaitExit(SOON));
        assertTrue(process.state().endsWith(" ended with exit status 5"), process.state());
        process.stop(NO_GRACE);
        Eventually.until(SOON, () -> isGone(grandchild));
    }

    @Test
    void shouldKillWhatIsAddedWhenTheRunWasCutOff() throws IOException {
        Processes processes = new Processes();
        processes.killAll();
        ChildProcess late = shell("exec sleep 600");
        processes.add("context 1", late);
        Eventually.until(SOON, () -> !late.isAlive());
        assertTrue(processes.states().get(0).startsWith("context 1: process "), processes.states()::toString);
    }
}
