// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

/** What became of a case. */
enum Verdict {
    /** The rule is kept. */
    PASS("pass"),

    /** It is not. */
    FAIL("FAIL"),

    /** It is not, in the way that is known of this kind of implementation: see {@link Differences}. */
    DIFFERS("differs"),

    /** There is nothing in this implementation that the rule is about. */
    NOT_APPLICABLE("not-applicable");

    final String text;

    Verdict(String text) {
        this.text = text;
    }
}
