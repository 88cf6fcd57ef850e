// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertTrue(ofNobody.leftovers().stream().noneMatch(line -> line.startsWith("process ")), "nobody's processes");

        started.destroyForcibly().waitFor();
        ProcessHandle.of(orphan).orElseThrow().destroyForcibly();
        only(check, "process " + started.pid() + " ").check(SOON);
        only(check, "process " + orphan + " ").check(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/shm", "/tmp", "/var/tmp", "~"})
    void shouldSeeTemporaryFiles(String folder, LocalSshd sshd) throws Exception {
        LeakCheck check = HostLeakCheck.start(sshd.shell(), "no-such-account");
        Path file = Files.createTempFile(Path.of(folder.replace("~", System.getProperty("user.home"))), "mitogen.", "");

        assertSees(check, "file " + file);

        Files.delete(file);
        only(check, "file " + file).check(SOON);
    }

    @Test
    void shouldNotSeeItself(LocalSshd sshd) {
        HostShell telling = (script, input) -> sshd.shell().run("echo own $$; echo own $PPID\n" + script, input);
        List<String> seen = List.copyOf(HostLeakCheck.start(telling, "").leftovers());

        List<String> own = seen.stream()
                .filter(line -> line.startsWith("own "))
                .map(line -> "process " + line.substring("own ".length()) + " ")
                .toList();
        assertEquals(2, own.size(), seen::toString);
        assertTrue(
                seen.stream().noneMatch(line -> own.stream().anyMatch(line::startsWith)),
                () -> own + " are in " + seen);
    }

    @Test
    void shouldSayWhyAScriptFailed(LocalSshd sshd) {
        IOException e =
                assertThrows(IOException.class, () -> sshd.shell().run("cat; echo \"it's bad\" >&2; exit 3", "x"));
        assertTrue(e.getMessage().contains("it's bad"), e::getMessage);
    }

    /** Others use the machine, too. */
    private static LeakCheck only(LeakCheck check, String begin) {
        return () -> check.leftovers().stream()
                .filter(line -> line.startsWith(begin))
                .collect(Collectors.toSet());
    }

    private static void assertSees(LeakCheck check, String begin) {
        assertTrue(
                check.leftovers().stream().anyMatch(line -> (line + " ").startsWith(begin)),
                () -> check.leftovers() + " has no " + begin);
    }
}
