// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.conformance.peer.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kit against all that there is: nothing fails, what differs is what the table says, and nothing is left. */
@Timeout(300)
final class ConformanceIT {
    private ProcessLeakCheck processes;
    private TempFileLeakCheck files;

    /** What one run of the kit was. */
    private record Run(int status, List<String> lines) {
        Set<String> named(Verdict verdict) {
            return lines.stream()
                    .filter(line -> line.startsWith(verdict.text + " "))
                    .map(line -> line.split("\\s+")[1])
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public String toString() {
            return String.join("\n", lines);
        }
    }

    @BeforeEach
    void watch() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() {
        Eventually.until(Duration.ofSeconds(10), () -> processes.leftovers().isEmpty());
        Eventually.until(Duration.ofSeconds(10), () -> files.leftovers().isEmpty());
    }

    private static Run run(String... words) {
        List<String> all = new ArrayList<>(List.of("conformance"));
        all.addAll(List.of(words));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            int status = Main.run(all, print, print);
            return new Run(status, out.toString(StandardCharsets.UTF_8).lines().toList());
        }
    }

    /** Demands that nothing failed, and that every difference in the table was seen that is not one of old versions. */
    private static void assertConforms(Kind kind, Run child, Run relay) {
        assertEquals(Set.of(), child.named(Verdict.FAIL), child::toString);
        assertEquals(Set.of(), relay.named(Verdict.FAIL), relay::toString);
        assertEquals(0, child.status());
        assertEquals(0, relay.status());
        Set<String> expected = Differences.ALL.stream()
                .filter(each -> each.kind() == kind && !each.reason().startsWith("before "))
                .map(Differences.Difference::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> seen = new TreeSet<>(child.named(Verdict.DIFFERS));
        seen.addAll(relay.named(Verdict.DIFFERS));
        assertTrue(seen.containsAll(expected), () -> "known, but not seen: " + expected + " beyond " + seen);
    }

    @Test
    void shouldFailNothingWhenOurChildIsTested() {
        assertConforms(Kind.JVM, run("--jvm"), run("--jvm", "--relay"));
    }

    @Test
    @PythonWithMitogen
    void shouldFailNothingWhenPythonIsTested() {
        String python = PythonWithMitogen.Condition.find().orElseThrow();
        assertConforms(Kind.PYTHON, run("--python", python), run("--python", python, "--relay"));
    }

    @Test
    void shouldTestAnyCommandWhenItIsAskedTo(@TempDir Path folder) throws Exception {
        Path junit = folder.resolve("report.xml");
        Run right = run("--command", KitCommand.mini("NONE"), "--only", "{boot,frames}.*", "--junit", junit.toString());
        Run wrong = run("--command", KitCommand.mini("HALF_MAGIC"), "--only", "frames.*", "--timeout", "4");
        assertEquals(0, right.status(), right::toString);
        assertEquals(1, wrong.status(), wrong::toString);
        assertEquals(Set.of("frames.bad-magic"), wrong.named(Verdict.FAIL), wrong::toString);
        assertDetailed(wrong);
        assertTrue(Files.readString(junit).contains("name=\"frames.bad-magic\""));
    }

    /** A failure is followed by what was said, in words and in bytes, and by how the process is. */
    private static void assertDetailed(Run run) {
        List<String> details =
                run.lines().stream().filter(line -> line.startsWith("    ")).toList();
        String all = String.join("\n", details);
        assertTrue(details.get(0).contains("(MUST, docs/protocol.md 2.3)"), all);
        assertTrue(all.contains("handle 101 CALL_FUNCTION"), all);
        assertTrue(all.contains("5849"), all);
        assertTrue(all.contains("context 1: process "), all);
        assertTrue(run.lines().stream().anyMatch(line -> line.startsWith("conformance kit ")), run::toString);
    }

    @Test
    void shouldBlameNobodyWhenAShellStaysBetween() {
        String command = KitCommand.mini("NONE").replaceFirst("^exec ", "") + "; true";
        Run run = run("--command", command, "--only", "end.*");
        assertEquals(Set.of(), run.named(Verdict.FAIL), run::toString);
        assertEquals(Set.of("end.detach"), run.named(Verdict.NOT_APPLICABLE), run::toString);
    }

    @Test
    void shouldStopWhenNoContextStartsAndEndWhatHoldsItsPipes() {
        Run run = run("--command", "sleep 77; true", "--timeout", "1");
        assertEquals(1, run.status());
        assertEquals(Set.of("boot.markers"), run.named(Verdict.FAIL), run::toString);
        assertTrue(
                run.lines().stream().anyMatch(line -> line.matches("\\d+ cases were not run: no context .*")),
                run::toString);
    }

    @Test
    void shouldWriteWhatItKnowsAndEndWhatItStartedWhenItIsTerminated(@TempDir Path folder) throws Exception {
        Path junit = folder.resolve("report.xml");
        Path lines = folder.resolve("lines");
        List<String> words = KitCommand.words("--command", KitCommand.mini("NONE"), "--junit", junit.toString());
        Process kit = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(lines.toFile())
                .start();
        Eventually.until(Duration.ofSeconds(60), () -> read(lines).contains("pass  "));
        kit.destroy();
        assertTrue(kit.waitFor(60, TimeUnit.SECONDS), "it still runs");
        assertTrue(read(lines).contains(" cases were not run: the run was ended by a signal"), () -> read(lines));
        assertTrue(read(junit).contains("name=\"end.detach\""), () -> read(junit));
        assertTrue(read(junit).contains("failures=\"0\""), () -> read(junit));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void shouldFailWhenTheCommandIsNoContext() {
        Run run = run("--command", "echo hello; exit 3", "--only", "calls.result", "--timeout", "5");
        assertEquals(1, run.status());
        assertTrue(run.lines().get(0).contains("its output ended after the lines [hello]"), run::toString);
    }
}
