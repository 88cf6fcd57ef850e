// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where an implementation that is known is known to break a rule, how, and why that is so. Any thread. */
final class Differences {
    /**
     * One of them.
     *
     * @param seen what is seen then, somewhere in it; anything else is no excuse
     */
    record Difference(Kind kind, String name, Pattern seen, String reason) {
        Difference(Kind kind, String name, String seen, String reason) {
            this(kind, name, Pattern.compile(seen), reason);
        }
    }

    static final List<Difference> ALL = List.of(
            new Difference(
                    Kind.PYTHON,
                    "frames.enc-pickle",
                    "frame signature incorrect.*closed the link",
                    "before 0.3.39 a frame begins with 4d49"),
            new Difference(
                    Kind.PYTHON,
                    "frames.enc-binary",
                    "frame signature incorrect.*closed the link",
                    "before 0.3.39 a frame begins with 4d49"));

    private Differences() {}

    /** Returns the difference that {@code deviation} of the case {@code name} is. */
    static Optional<Difference> find(Kind kind, String name, Deviation deviation) {
        return ALL.stream()
                .filter(each -> each.kind() == kind && each.name().equals(name))
                .filter(each -> each.seen().matcher(deviation.seen()).find())
                .findFirst();
    }
}
