// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.wire.MessageHeader;
import io.mitogen.python.PythonOptions;
import java.util.Objects;

/**
 * How a router and all contexts below it behave. Immutable; each {@code with} returns a changed copy.
 *
 * @param maxMessageBytes longest body of a message, in bytes; what is longer fails whoever waits for it
 * @param unidirectional refuse messages between two children of one parent, everywhere in the tree
 * @param debug whether all contexts log everything
 * @param pumped use threads for the streams of child processes even where selectable pipes can be had
 * @param imports which classes contexts may have
 * @param attemptsAtATime how many contexts may be in the middle of being connected by any one context; more wait, and begin in
 *     the order in which they were asked for
 * @param python where the master finds what it sends to Python contexts
 */
public record RouterOptions(
        int maxMessageBytes,
        boolean unidirectional,
        boolean debug,
        boolean pumped,
        ImportPolicy imports,
        int attemptsAtATime,
        PythonOptions python) {
    /** 128 MiB, everybody may talk to everybody, quiet, selectable pipes, all classes, 32 attempts at a time. */
    public static final RouterOptions DEFAULT = new RouterOptions(
            MessageHeader.DEFAULT_MAX_BODY_BYTES,
            false,
            false,
            false,
            ImportPolicy.ALLOW_ALL,
            32,
            PythonOptions.DEFAULT);

    static final int MIN_MESSAGE_BYTES = 64 * 1024; // classes must fit

    public RouterOptions {
        Objects.requireNonNull(imports, "imports");
        Objects.requireNonNull(python, "python");
        if (maxMessageBytes < MIN_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "maxMessageBytes: " + maxMessageBytes + " is less than " + MIN_MESSAGE_BYTES);
        }
        if (attemptsAtATime < 1) {
            throw new IllegalArgumentException("attemptsAtATime: " + attemptsAtATime + " is less than 1");
        }
    }

    public RouterOptions withMaxMessageBytes(int value) {
        return new RouterOptions(value, unidirectional, debug, pumped, imports, attemptsAtATime, python);
    }

    public RouterOptions withUnidirectional(boolean value) {
        return new RouterOptions(maxMessageBytes, value, debug, pumped, imports, attemptsAtATime, python);
    }

    public RouterOptions withDebug(boolean value) {
        return new RouterOptions(maxMessageBytes, unidirectional, value, pumped, imports, attemptsAtATime, python);
    }

    public RouterOptions withPumped(boolean value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, value, imports, attemptsAtATime, python);
    }

    public RouterOptions withImports(ImportPolicy value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, pumped, value, attemptsAtATime, python);
    }

    public RouterOptions withAttemptsAtATime(int value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, pumped, imports, value, python);
    }

    public RouterOptions withPython(PythonOptions value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, pumped, imports, attemptsAtATime, value);
    }
}
