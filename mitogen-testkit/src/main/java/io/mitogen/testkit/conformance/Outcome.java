// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;
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
 */
record Outcome(Case test, Verdict verdict, String expected, String seen, long nanos) {
    /** Returns the line for people. */
    String line() {
        return String.format(
                "%-14s  %-34s  expected: %s; seen: %s", verdict.text, test.name(), flat(expected), flat(seen));
    }

    /** Returns how many there are of each verdict, for people. */
    static String summary(List<Outcome> outcomes) {
        Map<Verdict, Long> counts =
                outcomes.stream().collect(Collectors.groupingBy(Outcome::verdict, Collectors.counting()));
        return Arrays.stream(Verdict.values())
                .map(each -> counts.getOrDefault(each, 0L) + " " + each.text)
                .collect(Collectors.joining(", "));
    }

    /** Returns text that stays in its line, and has nothing in it that a terminal would obey or hide, whatever was said. */
    static String flat(String text) {
        return text.replaceAll("\\R", " ").replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    }
}
