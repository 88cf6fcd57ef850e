// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Role;
import io.mitogen.testkit.conformance.cases.Stand;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Kind;
import io.mitogen.testkit.conformance.peer.Session;
import io.mitogen.testkit.conformance.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of cases that need no implementation: what is skipped, what is expected to fail, and what ends a run. */
final class SelectionTest {
    private final Session session = Session.of(Duration.ofSeconds(1));
    private final List<String> ran = new ArrayList<>();
    private String hopeless; // null while cases can find out something

    @TempDir
    private Path folder;

    private final Stand stand = new Stand() {
        @Override
        public Session session() {
            return session;
        }

        @Override
        public Optional<String> hopeless() {
            return Optional.ofNullable(hopeless);
        }

        @Override
        public boolean afterCase() {
            return true;
        }

        @Override
        public void discard() {
            ran.add("discard");
        }

        @Override
        public void close() {
            ran.add("close");
        }
    };

    private Case passing(String name) {
        return new Case(name, "a rule", Role.CHILD, any -> {
            ran.add(name);
            return "as it should be";
        });
    }

    private Case failing(String name) {
        return new Case(name, "a rule", Role.CHILD, any -> {
            ran.add(name);
            throw new Deviation("this", "that");
        });
    }

    private Report run(Selection selection, Case... cases) {
        Runner runner = new Runner(stand, Kind.OTHER, selection, false);
        List<Outcome> outcomes = runner.run(List.of(cases), outcome -> {});
        return new Report("conformance", Kind.OTHER, List.of(cases), outcomes, runner.whyStopped());
    }

    private static List<Verdict> verdicts(Report report) {
        return report.outcomes().stream().map(Outcome::verdict).toList();
    }

    private Selection expecting(String... lines) throws Usage, IOException {
        Path file = folder.resolve("expected");
        Files.write(file, List.of(lines));
        return new Selection(List.of(), Selection.read(file));
    }

    @Test
    void shouldNotRunWhatIsSkippedAndSayWhy() throws Usage {
        Selection selection =
                new Selection(List.of(Selection.Entry.parse("frames.*=no time = money", "--skip")), List.of());
        Report report = run(selection, failing("frames.oversize"), passing("calls.result"));
        assertEquals(List.of(Verdict.SKIPPED, Verdict.PASS), verdicts(report));
        assertEquals("no time = money", report.outcomes().get(0).seen());
        assertEquals(List.of("calls.result"), ran);
        assertTrue(report.isGood());
        assertEquals("1 pass, 0 FAIL, 0 differs, 0 not-applicable, 1 skipped", Outcome.summary(report.outcomes()));
    }

    @Test
    void shouldCountNoFailureThatIsExpected() throws Usage, IOException {
        Report report = run(expecting("# known", "", "calls.*=not yet"), failing("calls.result"));
        assertEquals(List.of(Verdict.EXPECTED), verdicts(report));
        assertTrue(report.isGood());
    }

    @Test
    void shouldFailWhenWhatIsExpectedToFailPasses() throws Usage, IOException {
        Report report = run(expecting("calls.*=not yet"), passing("calls.result"));
        assertEquals(List.of(Verdict.FAIL), verdicts(report));
        assertTrue(report.outcomes().get(0).seen().startsWith("it passes, but is expected to fail (calls.*)"));
        assertTrue(!report.isGood());
    }

    @Test
    void shouldRunNothingMoreWhenNothingMoreCanBeFoundOut() throws Exception {
        hopeless = "no context could be started: no such program";
        Report report = run(Selection.ALL, failing("boot.markers"), passing("calls.result"), passing("end.shutdown"));
        assertEquals(List.of(Verdict.FAIL), verdicts(report));
        assertEquals(2, report.notRun().size());
        assertTrue(!report.isGood());

        Path json = folder.resolve("report.json");
        JsonReport.write(json, report);
        Map<?, ?> all = (Map<?, ?>) Json.parse(Files.readString(json));
        assertEquals(hopeless, all.get("stopped"));
        assertEquals(false, all.get("good"));
        List<?> cases = (List<?>) all.get("cases");
        assertEquals("fail", ((Map<?, ?>) cases.get(0)).get("verdict"));
        assertEquals("not-run", ((Map<?, ?>) cases.get(2)).get("verdict"));
        assertEquals("16.1", ((Map<?, ?>) cases.get(2)).get("section"));

        Path junit = folder.resolve("report.xml");
        JUnitReport.write(junit, report);
        String xml = Files.readString(junit);
        assertTrue(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"2\""), xml);
        assertTrue(xml.contains("<property name=\"command\" value=\"conformance\"/>"), xml);
    }

    @Test
    void shouldKeepWhatItKnowsWhenTheRunIsCutOff() {
        Runner runner = new Runner(stand, Kind.OTHER);
        Case cut = new Case("calls.failure", "a rule", Role.CHILD, any -> {
            runner.cutOff();
            throw new Deviation("an answer", "the end of its process");
        });
        List<Outcome> outcomes =
                runner.run(List.of(passing("calls.result"), cut, passing("end.shutdown")), outcome -> {});
        assertEquals(
                List.of("calls.result"),
                outcomes.stream().map(each -> each.test().name()).toList());
        assertEquals("the run was ended by a signal", runner.whyStopped());
        assertTrue(!Thread.interrupted(), "what is still to be ended needs its waits");
    }
}
