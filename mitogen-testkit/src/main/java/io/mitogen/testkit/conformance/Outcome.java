// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
import io.mitogen.testkit.conformance.cases.Guide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a case found.
 *
 * @param expected what the rule demands, at the point where it was broken if it was
 * @param seen what the implementation did
 * @param nanos how long it took
 * @param evidence what was sent and what came, and how the processes were then, line by line
 */
record Outcome(Case test, Verdict verdict, String expected, String seen, long nanos, List<String> evidence) {
    /** Returns the outcome of a case that was not run. */
    static Outcome skipped(Case test, String reason) {
        return new Outcome(test, Verdict.SKIPPED, test.rule(), reason, 0, List.of());
    }

    Outcome as(Verdict newVerdict, String newSeen) {
        return new Outcome(test, newVerdict, expected, newSeen, nanos, evidence);
    }

    /** Returns the line for people. */
    String line() {
        return String.format(
                "%-14s  %-34s  expected: %s; seen: %s", verdict.text, test.name(), flat(expected), flat(seen));
    }

    /** Returns the details for people: the rule's place in the specification, and what was said. */
    List<String> details() {
        List<String> lines = new ArrayList<>();
        Guide guide = test.guide();
        lines.add("rule: " + test.rule() + " (" + guide.level() + ", docs/protocol.md " + guide.section() + ")");
        evidence.forEach(line -> lines.add(flat(line)));
        lines.add("--explain " + test.name() + " tells more");
        return lines.stream().map(line -> "    " + line).toList();
    }

    /** Returns how many there are of each verdict, for people. */
    static String summary(List<Outcome> outcomes) {
        Map<Verdict, Long> counts =
                outcomes.stream().collect(Collectors.groupingBy(Outcome::verdict, Collectors.counting()));
        return Arrays.stream(Verdict.values())
                .filter(each -> each.isAlwaysCounted() || counts.containsKey(each))
                .map(each -> counts.getOrDefault(each, 0L) + " " + each.text)
                .collect(Collectors.joining(", "));
    }

    /** Returns text that stays in its line, and has nothing in it that a terminal would obey or hide, whatever was said. */
    static String flat(String text) {
        return text.replaceAll("\\R", " ").replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }
}
