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
    NOT_APPLICABLE("not-applicable"),

    /** The user said with {@code --skip} that it is not to be run, and why. */
    SKIPPED("skipped"),

    /** It is not kept, as the user's list of expected failures says. */
    EXPECTED("expected");

    final String text;

    /** Tells whether a summary has it, be it zero. */
    boolean isAlwaysCounted() {
        return this != SKIPPED && this != EXPECTED;
    }

    Verdict(String text) {
        this.text = text;
    }
}
