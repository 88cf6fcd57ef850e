// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Catalogue;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Kind;
import io.mitogen.testkit.conformance.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return Main.run(List.of(words), print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "other --jvm",
                "conformance",
                "conformance --what",
                "conformance --command",
                "conformance --jvm --python python3",
                "conformance --jvm --only no.such.*",
                "conformance --jvm --timeout soon",
                "conformance --jvm --timeout 0",
                "conformance --jvm --timeout -1",
                "conformance --jvm --timeout NaN",
                "conformance --jvm --timeout 1e300",
                "conformance --jvm --only [",
                "conformance --jvm --level HIGH",
                "conformance --jvm --skip frames.*",
                "conformance --jvm --expect /no/such/file",
                "conformance --jvm --junit /no/such/folder/report.xml",
                "conformance --jvm --json /",
                "conformance --child --report /no/such/folder/report",
                "conformance --explain no.such.case",
                "conformance --command true --dialect cobol"
            })
    void shouldTellHowItIsUsedWhenTheCommandLineIsWrong(String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("usage: conformance"));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldListAllCasesWhenAskedTo() {
        assertEquals(0, run("conformance", "--list"));
        List<String> names = out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\\s+")[0])
                .toList();
        assertEquals(Catalogue.all().stream().map(Case::name).toList(), names);
        assertEquals(names.size(), new HashSet<>(names).size());
    }

    @Test
    void shouldListWhatMatchesWhenNamesAreGiven() {
        assertEquals(0, run("conformance", "--list", "--only", "frames.bad-*", "--only", "end.shutdown"));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "conformance --help", "conformance --jvm --timeout 0 -h"})
    void shouldPrintItsUseWhenAskedForHelp(String line) {
        assertEquals(0, run(line.split(" ")));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("usage: conformance"));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldExplainEachCaseWhenAskedTo() throws Exception {
        String specification = Files.readString(Path.of("..", "docs", "protocol.md"));
        for (Case each : Catalogue.all()) {
            out.reset();
            assertEquals(0, run("conformance", "--explain", each.name()));
            List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
            assertEquals(5, lines.size(), lines::toString);
            String section = each.guide().section();
            assertTrue(
                    specification.contains("# " + section + (section.contains(".") ? " " : ". ")),
                    () -> each.name() + ": docs/protocol.md has no section " + section);
        }
    }

    @Test
    void shouldListTheRulesThatBindMostWhenALevelIsGiven() {
        assertEquals(0, run("conformance", "--list", "--level", "must"));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.size() > 100, lines::toString);
        lines.forEach(line -> assertEquals("MUST", line.split("\\s+")[1], line));
    }

    @Test
    void shouldWriteTheRecordedPicklesWhenAskedTo(@TempDir Path folder) throws Exception {
        assertEquals(0, run("conformance", "--vectors", folder.resolve("new").toString()));
        List<String> files = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(5, files.size(), files::toString);
        for (String file : files) {
            assertTrue(
                    Json.parse(Files.readString(Path.of(file))) instanceof List<?> vectors && vectors.size() > 70,
                    file);
        }
    }

    @Test
    void shouldNameCasesThatExistWhenDifferencesAreKnown() {
        Set<String> names = new HashSet<>();
        Catalogue.all().forEach(each -> names.add(each.name()));
        Differences.ALL.forEach(each -> assertTrue(names.contains(each.name()), each.name()));
    }

    @Test
    void shouldExcuseOnlyWhatIsKnownWhenARuleIsBroken() {
        Deviation known = new Deviation("exit status = 0", "exit status = 143");
        Deviation other = new Deviation("exit status = 0", "exit status = 1");
        assertTrue(Differences.find(Kind.PYTHON, "end.exit-status", known).isPresent());
        assertTrue(Differences.find(Kind.PYTHON, "end.exit-status", other).isEmpty());
        assertTrue(Differences.find(Kind.JVM, "end.exit-status", known).isEmpty());
        assertTrue(Differences.find(Kind.OTHER, "end.exit-status", known).isEmpty());
    }

    @Test
    void shouldWriteWhatReadersOfJUnitUnderstandWhenTextsAreOdd(@TempDir Path folder) throws Exception {
        Case test = Catalogue.all().get(0);
        String odd = "<&\"'>\0\n\ud800 \uffff \ud83d\ude00";
        Path file = folder.resolve("report.xml");
        List<Outcome> outcomes = List.of(
                new Outcome(test, Verdict.FAIL, odd, odd, 1_500_000_000, List.of(odd)),
                new Outcome(test, Verdict.NOT_APPLICABLE, odd, odd, 0, List.of()),
                new Outcome(test, Verdict.DIFFERS, odd, odd, 0, List.of()),
                new Outcome(test, Verdict.PASS, odd, odd, 0, List.of()));
        JUnitReport.write(file, new Report("conformance " + odd, Kind.OTHER, List.of(), outcomes, null));
        Document report =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        Element suite = report.getDocumentElement();
        assertEquals("4", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("skipped"));
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        String kept = "<&\"'>?\n? ? \ud83d\ude00";
        assertEquals("expected: " + kept + "; seen: " + kept, failure.getAttribute("message"));
    }

    @Test
    void shouldStayInOneLineWhenAnImplementationSaysManyLines() {
        Outcome outcome =
                new Outcome(Catalogue.all().get(0), Verdict.FAIL, "a\nb", "c\r\nd\u001b[31m\u202e\ufeff", 0, List.of());
        assertEquals(1, outcome.line().lines().count());
        assertTrue(outcome.line().endsWith("expected: a b; seen: c d?[31m??"), outcome.line());
    }
}
