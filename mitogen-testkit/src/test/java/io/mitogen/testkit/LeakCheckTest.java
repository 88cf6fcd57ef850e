// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the checks see, and that they stop seeing it. */
final class LeakCheckTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void shouldSeeProcessesUntilTheyEnd() throws Exception {
        LeakCheck check = ProcessLeakCheck.start();
        Process process = new ProcessBuilder("sleep", "1000").start();
        LeakCheck byPid = ProcessLeakCheck.of(Set.of(process.pid()));

        assertSees(check, "process " + process.pid());
        assertSees(byPid, "process " + process.pid());

        process.destroyForcibly();
        check.check(SOON);
        byPid.check(SOON);
    }

    /** Linux cuts names after 15 bytes, also within a character. */
    @Test
    void shouldSeeProcessesWhoseNameIsNoText() throws Exception {
        LeakCheck check = ProcessLeakCheck.start();
        Process process =
                new ProcessBuilder("/bin/sh", "-c", "printf 'caf\\303' >/proc/$$/comm; echo; read -r line").start();
        process.getInputStream().read();

        assertSees(check, "process " + process.pid());

        process.destroyForcibly();
        check.check(SOON);
    }

    @Test
    void shouldSeeOrphans() throws Exception {
        LeakCheck check = ProcessLeakCheck.start();
        Process shell = new ProcessBuilder("/bin/sh", "-c", "sleep 1000 >/dev/null & echo $!").start();
        long orphan = Long.parseLong(new String(shell.getInputStream().readAllBytes()).trim());
        shell.waitFor();

        assertSees(check, "process " + orphan);

        ProcessHandle.of(orphan).orElseThrow().destroyForcibly();
        check.check(SOON);
    }

    @Test
    void shouldSeeThreadsOfTheLibraryUntilTheyEnd() {
        LeakCheck check = ThreadLeakCheck.start();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException expected) {
                        // then it ends at once
                    }
                },
                "mitogen.test");
        thread.start();

        assertSees(check, "mitogen.test");

        end.countDown();
        check.check(SOON);
    }

    @Test
    void shouldSeeDescriptorsUntilTheyAreClosed() throws Exception {
        LeakCheck check = DescriptorLeakCheck.start();
        Pipe pipe = Pipe.open();

        assertSees(check, "pipe:");

        pipe.source().close();
        pipe.sink().close();
        check.check(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/shm", "/tmp", "/var/tmp", "~", ""})
    void shouldSeeTemporaryFilesUntilTheyAreDeleted(String folder) throws Exception {
        LeakCheck check = TempFileLeakCheck.start();
        Path file = Files.createTempFile(
                Path.of(folder.replace("~", System.getProperty("user.home"))).toAbsolutePath(), "mitogen.", "");

        assertSees(check, file.toString());

        Files.delete(file);
        check.check(SOON);
    }

    private static void assertSees(LeakCheck check, String part) {
        assertTrue(
                check.leftovers().stream().anyMatch(text -> text.contains(part)),
                () -> check.leftovers() + " does not contain " + part);
        AssertionError e = assertThrows(AssertionError.class, () -> check.check(Duration.ZERO));
        assertTrue(e.getMessage().contains(part), e::getMessage);
        assertEquals("left behind, 0 ms later:", e.getMessage().split("\n")[0]);
    }
}
