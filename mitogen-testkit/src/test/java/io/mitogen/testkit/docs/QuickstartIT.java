// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.ProcessRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first program of the documentation, run from its source file as {@code bin/quickstart} does, against {@code find}. */
@Timeout(300)
final class QuickstartIT {
    private static final long LIMIT_S = 90;
    private static final String MARK = "MITOGEN_TEST_MARK";

    /** Names that are hard to handle: an empty folder, hidden, line breaks, no UTF-8, percent signs, links, a pipe. */
    private static final String MAKE_TREE = String.join(
            "\n",
            "set -e; cd \"$1\"",
            "mkdir empty 'a b' .hidden \"$(printf 'new\\nline')\" \"$(printf 'd\\377')\"",
            "printf 1 >top.txt; printf 22 >'a b/%41 %zz.tar.gz'; printf 333 >.hidden/.profile",
            "printf 4444 >\"$(printf 'new\\nline')/x.t\"; printf 55555 >\"$(printf 'd\\377/caf\\351.d\\351t')\"",
            "ln -s / root; ln -s top.txt link; ln -s nowhere dangling; mkfifo pipe",
            "i=0; while [ $i -lt 60 ]; do mkdir -p many/$i/deeper; printf %s $i >many/$i/deeper/$i.e$i; i=$((i + 1)); done");

    /** Folders so deep that no path can name the last of them: three chains, each short enough, one below the other. */
    private static final String MAKE_DEEP = String.join(
            "\n",
            "set -e; cd \"$1\"; printf 1 >above.txt; mkdir end; printf 22 >end/below.txt",
            "chain=x; i=0; while [ $i -lt 700 ]; do chain=$chain/x; i=$((i + 1)); done",
            "for i in 1 2 3; do mkdir -p new/$chain; mv end new/$chain; mv new end; done");

    private Path tree;

    @BeforeEach
    void makeFolder() throws IOException {
        tree = Files.createTempDirectory("quickstart");
    }

    @AfterEach
    void removeFolder() throws Exception {
        shell("rm -rf \"$1\"", tree); // which can remove what has no path
    }

    @Test
    void shouldAgreeWithFindOnATreeOfHardNames() throws Exception {
        shell(MAKE_TREE, tree);

        Outcome outcome = run(tree.toString());

        assertEquals(0, outcome.status, outcome.err);
        assertEquals(countOfFind(tree), outcome.lastLine());
        assertTrue(outcome.out.contains("i-have-a-name"), outcome.out);
        assertEquals(9 + 2, outcome.linesWith("+- ") + outcome.linesWith("without "), outcome.out);
        assertEquals(outcome.linesWith("+- "), outcome.errLinesWith("stdout: I counted "), outcome.err);
        assertTrue(outcome.out.lines().anyMatch(line -> line.startsWith("(others) ")), outcome.out);
    }

    @Test
    void shouldAgreeWithFindOnTheJdksOwnHomeWhenNoFolderIsNamed() throws Exception {
        Outcome outcome = run();

        assertEquals(0, outcome.status, outcome.err);
        assertEquals(countOfFind(Path.of(System.getProperty("java.home"))), outcome.lastLine());
    }

    @Test
    void shouldReportWhatCannotBeReadAndCountTheRest() throws Exception {
        shell(MAKE_DEEP, tree);

        Outcome outcome = run(tree.toString());

        assertEquals(0, outcome.status, outcome.err);
        assertEquals("total: 1 files, 1 bytes", outcome.lastLine());
        assertTrue(outcome.out.contains("not counted, because it could not be read:"), outcome.out);
        assertTrue(outcome.out.contains(": File name too long"), outcome.out);
    }

    @Test
    void shouldUseSudoExactlyWhereItAsksNothing() throws Exception {
        boolean allowed = status("sudo -n -u root true") == 0;

        Outcome outcome = run(tree.toString());

        assertEquals(allowed ? 1 : 0, outcome.linesWith("+- sudo.root, "), outcome.out);
        assertEquals(allowed ? 0 : 1, outcome.linesWith("without Sudo root, "), outcome.out);
    }

    @Test
    void shouldUseSshExactlyWhereItAsksNothing() throws Exception {
        boolean allowed = status("ssh -o BatchMode=yes localhost true") == 0;

        Outcome outcome = run(tree.toString());

        assertEquals(allowed ? 1 : 0, outcome.linesWith("+- ssh.localhost, "), outcome.out);
        assertEquals(allowed ? 0 : 1, outcome.linesWith("without Ssh localhost, "), outcome.out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"top.txt is not a folder", "there is no folder 'nothing'", "one folder at most, not 2"})
    void shouldRefuseWhatIsNoFolder(String message) throws Exception {
        Path file = Files.createFile(tree.resolve("top.txt"));

        Outcome outcome = message.startsWith("top")
                ? run(file.toString())
                : message.startsWith("there") ? run("nothing") : run("one", "two");

        assertEquals(2, outcome.status, outcome.err);
        assertTrue(outcome.err.contains(message), outcome.err);
        assertEquals("", outcome.out);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldLeaveNoProcessWhenInterruptedAtAnyMoment(long seed) throws Exception {
        String mark = UUID.randomUUID().toString();
        // A group of its own, as in a terminal, where the interrupt goes to every process of the group.
        Process process = start(mark, command(List.of("setsid", "env", "--default-signal=INT"), List.of("/usr/share")));
        try {
            if (seed % 2 == 1) {
                process.getInputStream().read(); // until it begins to start contexts, however slow this machine is
            }
            long moment = new Random(seed).nextInt(3_000);
            process.waitFor(moment, TimeUnit.MILLISECONDS);
            shell("kill -INT -$1 || ! kill -0 $1", process.pid());

            Eventually.until(
                    Duration.ofSeconds(LIMIT_S),
                    "no process is left of an interrupt after " + moment + " ms, seed " + seed,
                    () -> processesWith(mark).isEmpty());
            int status = process.waitFor();
            assertTrue(status == 128 + 2 || status == 0, "killed by signal 2, or done before; was: " + status);
        } finally {
            for (ProcessHandle left : processesWith(mark)) {
                left.destroyForcibly();
            }
        }
    }

    // == Running things ==

    private record Outcome(int status, String out, String err) {
        String lastLine() {
            return out.lines().reduce((first, second) -> second).orElse("");
        }

        long linesWith(String part) {
            return out.lines().filter(line -> line.contains(part)).count();
        }

        long errLinesWith(String part) {
            return err.lines().filter(line -> line.contains(part)).count();
        }
    }

    private static List<String> command(List<String> before, List<String> arguments) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Repository.java(),
                "-cp",
                Repository.libraryClassPath(),
                Repository.ROOT.resolve("docs/examples/Quickstart.java").toString()));
        command.addAll(arguments);
        return command;
    }

    private static Process start(String mark, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put(MARK, mark);
        return builder.start();
    }

    private static Outcome run(String... arguments) throws Exception {
        Path out = Files.createTempFile("quickstart", ".out");
        Path err = Files.createTempFile("quickstart", ".err");
        ProcessBuilder builder = new ProcessBuilder(command(List.of(), Arrays.asList(arguments)))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("MITOGEN_LOG_LEVEL");
        try {
            return new Outcome(ProcessRun.toEnd(builder), text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String countOfFind(Path folder) throws Exception {
        String count = shell(
                "find \"$1\" -type f -printf '%s\\n' | awk '{ f++; b += $1 } END { printf \"%d %d\", f, b }'", folder);
        return "total: " + count.replace(" ", " files, ") + " bytes";
    }

    private static int status(String command) throws Exception {
        return new ProcessBuilder("sh", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static String shell(String script, Object argument) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script, "sh", argument.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), script);
        return output;
    }

    /** Returns the living processes that were started, at any depth, with the mark in their environment. */
    private static List<ProcessHandle> processesWith(String mark) {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environmentOf(process).contains(MARK + "=" + mark)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }

    private static String environmentOf(Path process) {
        try {
            return text(process.resolve("environ"));
        } catch (IOException expected) { // it has ended meanwhile, or is somebody else's
            return "";
        }
    }
}
