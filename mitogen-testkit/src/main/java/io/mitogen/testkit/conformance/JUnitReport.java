// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The XML that build servers read. Any thread. */
final class JUnitReport {
    private static final double NANOS = 1e9;

    private JUnitReport() {}

    static void write(Path file, Report report) throws IOException {
        List<Outcome> outcomes = report.outcomes();
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        long failures =
                outcomes.stream().filter(each -> each.verdict() == Verdict.FAIL).count();
        long skipped = report.notRun().size()
                + outcomes.stream().filter(JUnitReport::isSkipped).count();
        long nanos = outcomes.stream().mapToLong(Outcome::nanos).sum();
        xml.append(String.format(
                Locale.ROOT,
                "<testsuite name=\"conformance-%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" time=\"%.3f\">\n",
                report.kind().name().toLowerCase(Locale.ROOT),
                outcomes.size() + report.notRun().size(),
                failures,
                skipped,
                nanos / NANOS));
        xml.append("  <properties>\n");
        property(xml, "kit", Report.version());
        property(xml, "command", report.command());
        xml.append("  </properties>\n");
        outcomes.forEach(outcome -> append(xml, outcome));
        for (Case each : report.notRun()) {
            append(xml, Outcome.skipped(each, "not run: " + report.whyStopped()));
        }
        Files.writeString(file, xml.append("</testsuite>\n"));
    }

    private static boolean isSkipped(Outcome outcome) {
        return outcome.verdict() == Verdict.NOT_APPLICABLE || outcome.verdict() == Verdict.SKIPPED;
    }

    private static void property(StringBuilder xml, String name, String value) {
        xml.append("    <property name=\"" + name + "\" value=\"" + escaped(value) + "\"/>\n");
    }

    private static void append(StringBuilder xml, Outcome outcome) {
        String name = outcome.test().name();
        xml.append(String.format(
                Locale.ROOT,
                "  <testcase classname=\"conformance.%s\" name=\"%s\" time=\"%.3f\">\n",
                escaped(name.substring(0, name.indexOf('.'))),
                escaped(name),
                outcome.nanos() / NANOS));
        String found = "expected: " + outcome.expected() + "; seen: " + outcome.seen();
        switch (outcome.verdict()) {
            case FAIL -> failure(xml, found, outcome.details());
            case NOT_APPLICABLE, SKIPPED -> element(xml, "skipped", outcome.seen());
            default ->
                xml.append("    <system-out>")
                        .append(escaped(outcome.verdict().text + "; " + found))
                        .append("</system-out>\n");
        }
        xml.append("  </testcase>\n");
    }

    private static void failure(StringBuilder xml, String message, List<String> details) {
        xml.append("    <failure message=\"").append(escaped(message)).append("\">");
        details.forEach(line -> xml.append(escaped(line)).append('\n'));
        xml.append("</failure>\n");
    }

    private static void element(StringBuilder xml, String name, String message) {
        xml.append("    <")
                .append(name)
                .append(" message=\"")
                .append(escaped(message))
                .append("\"/>\n");
    }

    /** Returns text as it may stand in an attribute; what XML cannot have, or would hide, becomes a question mark. */
    static String escaped(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> clean.append("&lt;");
                case '>' -> clean.append("&gt;");
                case '&' -> clean.append("&amp;");
                case '"' -> clean.append("&quot;");
                case '\n', '\r', '\t' -> clean.append("&#").append(c).append(';');
                default -> clean.appendCodePoint(isAllowed(c) ? c : '?');
            }
        });
        return clean.toString();
    }

    private static boolean isAllowed(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.FORMAT && isInXml(c);
    }

    private static boolean isInXml(int c) {
        return c >= 0x20 && c < 0xd800 || c >= 0xe000 && c < 0xfffe || c >= 0x10000;
    }
}
