// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.wire.MessageHeader;

/**
 * How a router and all contexts below it behave. Immutable; each {@code with} returns a changed copy.
 *
 * @param maxMessageBytes longest body of a message, in bytes; what is longer fails whoever waits for it
 * @param unidirectional refuse messages between two children of one parent, everywhere in the tree
 * @param debug whether all contexts log everything
 * @param pumped use threads for the streams of child processes even where selectable pipes can be had
 * @param imports which classes contexts may have
 */
public record RouterOptions(
        int maxMessageBytes, boolean unidirectional, boolean debug, boolean pumped, ImportPolicy imports) {
    /** 128 MiB, everybody may talk to everybody, quiet, selectable pipes, all classes. */
    public static final RouterOptions DEFAULT =
            new RouterOptions(MessageHeader.DEFAULT_MAX_BODY_BYTES, false, false, false, ImportPolicy.ALLOW_ALL);

    private static final int MIN_MESSAGE_BYTES = 64 * 1024; // classes must fit

    public RouterOptions {
        if (maxMessageBytes < MIN_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "maxMessageBytes: " + maxMessageBytes + " is less than " + MIN_MESSAGE_BYTES);
        }
    }

    public RouterOptions withMaxMessageBytes(int value) {
        return new RouterOptions(value, unidirectional, debug, pumped, imports);
    }

    public RouterOptions withUnidirectional(boolean value) {
        return new RouterOptions(maxMessageBytes, value, debug, pumped, imports);
    }

    public RouterOptions withDebug(boolean value) {
        return new RouterOptions(maxMessageBytes, unidirectional, value, pumped, imports);
    }

    public RouterOptions withPumped(boolean value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, value, imports);
    }

    public RouterOptions withImports(ImportPolicy value) {
        return new RouterOptions(maxMessageBytes, unidirectional, debug, pumped, value);
    }
}
