// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

/** The implementation does not do what a rule demands. */
public final class Deviation extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String seen;

    public Deviation(String expected, String seen) {
        super("expected " + expected + "; seen: " + seen);
        this.expected = expected;
        this.seen = seen;
    }

    public String expected() {
        return expected;
    }

    public String seen() {
        return seen;
    }
}
