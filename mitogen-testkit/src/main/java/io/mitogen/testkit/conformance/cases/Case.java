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
public record Case(String name, String rule, Role role, Body<Stand> body) {
    /** Finds out; returns what was seen, for people. */
    public interface Body<S extends Stand> {
        String run(S stand) throws Deviation, NotApplicable, IOException;
    }

    /** Returns the level of the rule, where it stands, why it is one, and how it is mostly broken. */
    public Guide guide() {
        return Guide.of(name);
    }

    static Case child(String name, String rule, Body<Bench> body) {
        return new Case(name, rule, Role.CHILD, stand -> body.run((Bench) stand));
    }

    static Case relay(String name, String rule, Body<Bench> body) {
        return new Case(name, rule, Role.RELAY, stand -> body.run((Bench) stand));
    }

    static Case parent(String name, String rule, Body<ParentStand> body) {
        return new Case(name, rule, Role.PARENT, stand -> body.run((ParentStand) stand));
    }

    static Case parentAtEnd(String name, String rule, Body<ParentStand> body) {
        return new Case(name, rule, Role.PARENT_AT_END, stand -> body.run((ParentStand) stand));
    }

    static Case listener(String name, String rule, Body<ListenerStand> body) {
        return new Case(name, rule, Role.LISTENER, stand -> body.run((ListenerStand) stand));
    }
}
