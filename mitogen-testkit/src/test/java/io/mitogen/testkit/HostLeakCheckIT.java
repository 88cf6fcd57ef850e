// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** This machine, seen from a session of a real sshd as another host is seen. */
@RequiresSshd
@Timeout(120)
final class HostLeakCheckIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void shouldSeeProcessesWhateverStartedThem(LocalSshd sshd) throws Exception {
        LeakCheck check = HostLeakCheck.start(sshd.shell(), sshd.user());
        LeakCheck ofNobody = HostLeakCheck.start(sshd.shell(), "no-such-account");
        Process started = new ProcessBuilder("sleep", "1000").start();
        long orphan = Long.parseLong(sshd.shell()
                .run("setsid sleep 1000 >/dev/null 2>&1 & echo $!", "")
                .trim());

        assertSees(check, "process " + started.pid() + " ");
        assertSees(check, "process " + orphan + " ");
        assertEquals(0, ofNobody.leftovers().size());

        LeakCheck gone = () -> {
            var left = check.leftovers(); // others use the machine, too
            left.removeIf(line ->
                    !line.startsWith("process " + started.pid() + " ") && !line.startsWith("process " + orphan + " "));
            return left;
        };
        started.destroyForcibly().waitFor();
        ProcessHandle.of(orphan).orElseThrow().destroyForcibly();
        gone.check(SOON);
    }

    @Test
    void shouldSeeTemporaryFiles(LocalSshd sshd) throws Exception {
        LeakCheck check = HostLeakCheck.start(sshd.shell(), "no-such-account");
        Path file = Files.createTempFile(Path.of("/dev/shm"), "mitogen.", "");

        assertSees(check, "file " + file);

        Files.delete(file);
        check.check(SOON);
    }

    @Test
    void shouldNotSeeItself() {
        LeakCheck check = HostLeakCheck.start(HostShell.local(), "");
        for (String line : check.leftovers()) {
            long pid = Long.parseLong(line.replaceAll("\\D*(\\d+).*", "$1"));
            assertTrue(
                    ProcessHandle.of(pid)
                                    .flatMap(ProcessHandle::parent)
                                    .map(ProcessHandle::pid)
                                    .orElse(1L)
                            != ProcessHandle.current().pid(),
                    line);
        }
    }

    @Test
    void shouldSayWhyAScriptFailed(LocalSshd sshd) {
        IOException e =
                assertThrows(IOException.class, () -> sshd.shell().run("cat; echo \"it's bad\" >&2; exit 3", "x"));
        assertTrue(e.getMessage().contains("it's bad"), e::getMessage);
    }

    private static void assertSees(LeakCheck check, String begin) {
        assertTrue(
                check.leftovers().stream().anyMatch(line -> (line + " ").startsWith(begin)),
                () -> check.leftovers() + " has no " + begin);
    }
}
