// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.conformance.peer.Kind;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        Run right = run("--command", mini("NONE"), "--only", "{boot,frames}.*", "--junit", junit.toString());
        Run wrong = run("--command", mini("HALF_MAGIC"), "--only", "frames.*", "--timeout", "4");
        assertEquals(0, right.status(), right::toString);
        assertEquals(1, wrong.status(), wrong::toString);
        assertEquals(Set.of("frames.bad-magic"), wrong.named(Verdict.FAIL), wrong::toString);
        assertTrue(Files.readString(junit).contains("name=\"frames.bad-magic\""));
    }

    @Test
    void shouldFailWhenTheCommandIsNoContext() {
        Run run = run("--command", "echo hello; exit 3", "--only", "calls.result", "--timeout", "5");
        assertEquals(1, run.status());
        assertTrue(run.lines().get(0).contains("its output ended after the lines [hello]"), run::toString);
    }

    private static String mini(String mutation) {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(each -> "'" + each + "'")
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of("exec", java, "-cp", path, "io.mitogen.testkit.conformance.reference.MiniMain", mutation)
                .collect(Collectors.joining(" "));
    }
}
