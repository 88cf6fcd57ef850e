// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void shouldNotSeeTheFilesOfContextsThatAnotherProgramStarts() throws Exception {
        LeakCheck check = TempFileLeakCheck.start();
        long random = System.nanoTime();
        Path ofAnother = Files.createFile(Path.of("/tmp/mitogen.1." + random));
        Path own = Files.createFile(
                Path.of("/tmp/mitogen." + ProcessHandle.current().pid() + "." + random));
        try {
            assertSees(check, own.toString());
            assertFalse(check.leftovers().contains("file " + ofAnother));
        } finally {
            Files.delete(ofAnother);
            Files.delete(own);
        }
    }

    /** As two runs of tests do that a script starts beside each other. */
    @Test
    void shouldNotSeeWhatAnotherProgramOfTheSameGroupStarts(@TempDir Path folder) throws Exception {
        String script = """
                mkfifo "$1/in" "$1/out"
                "$2" -cp "$3" "$4" <"$1/in" >"$1/out" &
                exec 4>"$1/in" 5<"$1/out"
                read -r ready <&5
                sleep 1000 </dev/null >/dev/null 2>&1 & other=$!
                echo >&4
                read -r answer <&5
                kill $other
                echo "$answer"
                """;
        Process leader = new ProcessBuilder(
                        "setsid",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        folder.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        Neighbour.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("own: 1, of another: 0", leader.inputReader().readLine());
    }

    /** Tells how many of the processes that were started meanwhile it sees. */
    static final class Neighbour {
        private Neighbour() {}

        public static void main(String[] args) throws Exception {
            LeakCheck check = ProcessLeakCheck.start();
            System.out.println("ready");
            System.in.read();
            Process own = new ProcessBuilder("sleep", "1000").start();
            try {
                String words = "process " + own.pid() + " ";
                Set<String> left = check.leftovers();
                long seen = left.stream().filter(each -> each.startsWith(words)).count();
                System.out.println("own: " + seen + ", of another: " + (left.size() - seen));
            } finally {
                own.destroyForcibly();
            }
        }
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
