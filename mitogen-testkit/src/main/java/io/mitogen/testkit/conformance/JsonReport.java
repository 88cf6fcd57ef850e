// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for programs; {@code docs/conformance.md} has its keys. Any thread. */
final class JsonReport {
    private static final double NANOS = 1e9;

    private JsonReport() {}

    static void write(Path file, Report report) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kit", Report.version());
        all.put("command", report.command());
        all.put("kind", report.kind().name().toLowerCase(Locale.ROOT));
        all.put("good", report.isGood());
        all.put("stopped", report.whyStopped());
        List<Object> cases = new ArrayList<>();
        report.outcomes().forEach(each -> cases.add(ran(each)));
        report.notRun().forEach(each -> cases.add(fields(each, "not-run")));
        all.put("cases", cases);
        Files.writeString(file, Json.write(all) + "\n");
    }

    private static Map<String, Object> fields(Case test, String verdict) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", test.name());
        fields.put("verdict", verdict);
        fields.put("level", test.guide().level().name());
        fields.put("section", test.guide().section());
        fields.put("rule", test.rule());
        return fields;
    }

    private static Map<String, Object> ran(Outcome outcome) {
        Map<String, Object> fields =
                fields(outcome.test(), outcome.verdict().text.toLowerCase(Locale.ROOT));
        fields.put("expected", outcome.expected());
        fields.put("seen", outcome.seen());
        fields.put("seconds", outcome.nanos() / NANOS);
        fields.put("evidence", outcome.verdict() == Verdict.FAIL ? outcome.evidence() : List.of());
        return fields;
    }
}
