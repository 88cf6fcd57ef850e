// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.cases.Case;

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

    /** Returns text that stays in its line, whatever an implementation said. */
    private static String flat(String text) {
        return text.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
