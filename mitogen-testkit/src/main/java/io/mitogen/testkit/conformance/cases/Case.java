// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.peer.Deviation;
import java.io.IOException;

/**
 * One rule with what finds out whether it is kept. Immutable.
 *
 * @param name stable: it is what reports, the table of differences and {@code docs/conformance.md} call it
 * @param rule what every implementation does, in words
 */
public record Case(String name, String rule, Role role, Body body) {
    /** Finds out; returns what was seen, for people. */
    public interface Body {
        String run(Bench bench) throws Deviation, NotApplicable, IOException;
    }

    static Case child(String name, String rule, Body body) {
        return new Case(name, rule, Role.CHILD, body);
    }

    static Case relay(String name, String rule, Body body) {
        return new Case(name, rule, Role.RELAY, body);
    }
}
