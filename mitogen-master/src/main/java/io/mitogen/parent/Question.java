// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Printable;

/**
 * A question that a program asks before the context can start. Immutable. The text comes from a host: control characters are made
 * visible, and it is cut to {@value #MAX_TEXT_CHARS} characters.
 *
 * @param text what it says, several lines perhaps
 * @param target who or what was being connected, as {@code Ssh ops@db1}
 * @param kind how it wants to be answered
 * @param fromCommand whether the very process that was started asks, and not one that it started, such as the ssh of a jump host
 */
public record Question(String text, String target, Kind kind, boolean fromCommand) {
    private static final int MAX_TEXT_CHARS = 20_000;

    /** Makes a question of the text as the program printed it. */
    public Question {
        text = Printable.text(text, MAX_TEXT_CHARS);
    }

    /** How a program wants to be answered. */
    public enum Kind {
        /** With a text. */
        TEXT,
        /** With {@code yes}, or else. */
        CONFIRM,
        /** Not at all: it only has something to say, as "touch the key now", and goes on by itself. */
        NOTICE
    }
}
