// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where an implementation that is known is known to break a rule, how, and why that is so. Any thread. */
final class Differences {
    /**
     * One of them.
     *
     * @param seen what is seen then, somewhere in it; anything else is no excuse
     */
    record Difference(Kind kind, String name, Pattern seen, String reason) {}

    private static final String ONE_BYTEARRAY =
            "^1 are not: \\[\\w*bytearray: \\[__builtin__.bytearray\\(b'ab?(\\\\xff)?'\\)\\]\\]$";
    private static final String ENDS = "the other side closed the link$";
    private static final String SENDS_BYTEARRAYS =
            "a JVM context takes a bytearray, which can travel between JVM contexts";
    private static final String ONE_ENC = "before 0.3.39 every frame begins with 4d49";

    static final List<Difference> ALL = List.of(
            python("frames.enc-pickle", ENDS, ONE_ENC),
            python("frames.enc-binary", ENDS, ONE_ENC),
            python("calls.unsendable-result", ENDS, "a result that cannot be pickled at all ends a Python context"),
            python(
                    "handles.del-route",
                    "^nothing was answered$",
                    "a Python context without children takes DEL_ROUTE from anybody"),
            python("relay.enc", ENDS, ONE_ENC),
            python("end.exit-status", "exit status = 143$", "a Python context ends itself with SIGTERM"),
            jvm("pickles.refused-python-3.11-0.3.3", ONE_BYTEARRAY, SENDS_BYTEARRAYS),
            jvm("pickles.refused-python-3.11-0.3.52dev", ONE_BYTEARRAY, SENDS_BYTEARRAYS),
            jvm("pickles.refused-python-2.7-0.3.3", ONE_BYTEARRAY, SENDS_BYTEARRAYS),
            jvm("pickles.refused-python-2.7-0.3.52dev", ONE_BYTEARRAY, SENDS_BYTEARRAYS),
            jvm("pickles.refused-opcodes", ONE_BYTEARRAY, SENDS_BYTEARRAYS),
            jvm(
                    "pickles.opcodes",
                    "^1 do not: \\[BUILD_on_Blob: CallError",
                    "a JVM context refuses BUILD, which gives an object attributes"),
            jvm(
                    "chains.missing-function-forgotten",
                    "^1 \\+ 2 = CallError\\(.*BadTargetException",
                    "in a JVM context every failure of a chain counts"),
            jvm(
                    "forward.forward-module",
                    "^nothing came there, and the parent was told .*dead message \"invalid handle\"\\]$",
                    "a JVM context has handle 108 only when Python contexts are below it, or its parent is one"));

    private static Difference python(String name, String seen, String reason) {
        return new Difference(Kind.PYTHON, name, Pattern.compile(seen), reason);
    }

    private static Difference jvm(String name, String seen, String reason) {
        return new Difference(Kind.JVM, name, Pattern.compile(seen), reason);
    }

    private Differences() {}

    /** Returns the difference that {@code deviation} of the case {@code name} is. */
    static Optional<Difference> find(Kind kind, String name, Deviation deviation) {
        return Stream.concat(ALL.stream(), ParentDifferences.ALL.stream())
                .filter(each -> each.kind() == kind && each.name().equals(name))
                .filter(each -> each.seen().matcher(deviation.seen()).find())
                .findFirst();
    }
}
