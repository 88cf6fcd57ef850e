// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.UnaryOperator;

/** The last lines that a target printed before it was ready, for the error message. Inside turns. */
final class HeardLines {
    private static final int KEPT = 100;
    private static final int MAX_LINE_CHARS = 1_000;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    void add(String line) {
        if (!line.isBlank()) {
            if (lines.size() == KEPT) {
                lines.removeFirst();
            }
            lines.addLast(line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + " ..." : line);
        }
    }

    List<String> toList() {
        return List.copyOf(lines);
    }

    /** Returns the lines, of which {@code censor} took out what nobody shall see. */
    List<String> without(UnaryOperator<String> censor) {
        return lines.stream().map(censor).toList();
    }

    void clear() {
        lines.clear();
    }
}
