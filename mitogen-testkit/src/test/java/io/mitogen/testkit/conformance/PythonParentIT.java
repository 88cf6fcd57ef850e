// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit as the child of masters of Mitogen for Python: those that are as they should be, and those with a defect. */
@Timeout(120)
final class PythonParentIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long LIMIT_S = 90;

    @TempDir
    private Path folder;

    private LeakCheck processes;
    private LeakCheck files;

    @BeforeEach
    void look() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() {
        processes.check(SOON);
        files.check(SOON);
    }

    /** Runs a master with the kit below it, and returns the line that it prints of the kit's answer. */
    private String run(String defect, String manner, String... options) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of(KitCommand.python(), "src/test/python/conformance_parent.py", defect, manner));
        words.addAll(KitCommand.words("--child", "--of", "python", "--report", report().toString()));
        words.addAll(List.of(options));
        Path errors = folder.resolve("errors");
        Process master =
                new ProcessBuilder(words).redirectError(errors.toFile()).start();
        try {
            String printed = new String(master.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(master.waitFor(LIMIT_S, TimeUnit.SECONDS), "the master did not end");
            assertEquals(0, master.exitValue(), () -> printed + read(errors));
            return printed.strip();
        } finally {
            master.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path report() {
        return folder.resolve("report");
    }

    private void assertVerdicts(Set<String> failed, Set<String> differing, Set<String> notApplicable)
            throws IOException {
        KitReport report = KitReport.read(report());
        assertEquals(failed, report.names(Verdict.FAIL), report::toString);
        assertEquals(differing, report.names(Verdict.DIFFERS), report::toString);
        assertEquals(notApplicable, report.names(Verdict.NOT_APPLICABLE), report::toString);
    }

    @Test
    void shouldFindThatAPythonMasterKeepsTheRules() throws Exception {
        Path junit = folder.resolve("junit.xml");
        String answer = run("nothing", "directly", "--junit", junit.toString());

        assertVerdicts(
                Set.of(), new TreeSet<>(Set.of("parent.add-route.parent", "parent.get-module.repeated")), Set.of());
        assertTrue(answer.matches("\\d+ pass, 0 FAIL, 2 differs, 0 not-applicable"), answer);
        String xml = Files.readString(junit);
        assertTrue(xml.contains("name=\"parent.end.shutdown\"") && xml.contains("failures=\"0\""), xml);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad-magic", "oversize", "detach"})
    void shouldReportTheEndThoughTheMasterEndsTheKit(String end) throws Exception {
        run("nothing", "directly", "--end", end);

        KitReport report = KitReport.read(report());
        assertEquals(Set.of(), report.names(Verdict.FAIL), report::toString);
        assertTrue(report.names(Verdict.PASS).contains("parent.end." + end), report::toString);
        assertTrue(report.summary().contains(" 0 FAIL, 2 differs"), report::toString);
    }

    @Test
    void shouldTestAMasterInUnidirectionalMode() throws Exception {
        run("nothing", "unidirectional");

        assertVerdicts(
                Set.of(),
                new TreeSet<>(Set.of("parent.add-route.parent", "parent.get-module.repeated")),
                new TreeSet<>(Set.of(
                        "parent.add-route.own",
                        "parent.sources.sibling",
                        "parent.sources.src",
                        "parent.sources.unknown")));
        assertTrue(
                KitReport.read(report()).lines().stream()
                        .anyMatch(line -> line.startsWith("pass ")
                                && line.contains(" parent.routing.sibling ")
                                && line.contains("seen: ")
                                && line.contains("routing mode prevents forward")),
                () -> read(report()));
    }

    @Test
    void shouldTestAPythonContextBelowAMaster() throws Exception {
        run("nothing", "below");

        assertVerdicts(
                Set.of(),
                new TreeSet<>(Set.of("parent.add-route.sibling", "parent.get-module.repeated")),
                Set.of("parent.add-route.parent"));
    }

    @ParameterizedTest
    @CsvSource({
        "auth, parent.sources.auth",
        "src, parent.sources.src",
        "stdlib, parent.get-module.stdlib",
        "ids, parent.ids.disjoint",
        "reason, parent.add-route.peer-only",
        "shutdown, parent.end.shutdown",
        "keys, parent.boot.keys",
        "logs, parent.logs.garbage",
    })
    void shouldFailAtTheCaseOfTheDefect(String defect, String name) throws Exception {
        run(defect, "directly", "--timeout", "5");

        KitReport report = KitReport.read(report());
        assertEquals(Set.of(name), report.names(Verdict.FAIL), report::toString);
    }

    @Test
    void shouldFailWhenDetachingIsAnsweredAgain() throws Exception {
        String answer = run("detach", "directly", "--timeout", "5", "--end", "detach");

        KitReport report = KitReport.read(report());
        assertEquals(Set.of("parent.end.detach"), report.names(Verdict.FAIL), report::toString);
        assertTrue(answer.contains(" 0 FAIL"), answer);
    }

    @Test
    void shouldTellTheCallerOfFailures() throws Exception {
        String answer = run("ids", "directly", "--only", "parent.ids.*");

        assertTrue(answer.startsWith("CallError: conformance.Failed: 1 pass, 1 FAIL"), answer);
        KitReport report = KitReport.read(report());
        assertEquals(Set.of("parent.ids.disjoint"), report.names(Verdict.FAIL), report::toString);
    }
}
