// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

/**
 * Makes text of another process safe to show on a terminal and in a log. Any thread.
 *
 * <p>Everything that could move a cursor, start an escape sequence, reorder or hide text becomes {@code \}{@code uXXXX}: control
 * characters, format characters (bidirectional marks, zero-width characters, byte order marks, tags), separators of lines and
 * paragraphs, and unpaired surrogates. The reader of a log can tell which character it was. All other text stays as it is. The
 * methods are idempotent.
 */
public final class Printable {
    private static final String INDENT = "\n    ";

    private Printable() {}

    /** Returns text of several lines: line ends ({@code \r\n} becomes {@code \n}) and tabs stay. */
    public static String text(String raw) {
        return text(raw, Integer.MAX_VALUE);
    }

    /** As {@link #text(String)}, cut to {@code maxChars} characters, with three dots after a cut. */
    public static String text(String raw, int maxChars) {
        return safe(raw, true, maxChars, " ...");
    }

    /**
     * Returns text of several lines in which only the first begins at the margin, so that no other line can pass for a record or
     * an exception of its own. Indents the others by four spaces, unless each of them already begins with four spaces or a tab.
     */
    public static String indented(String raw) {
        String text = text(raw);
        boolean isIndented = text.replace(INDENT, " ").replace("\n\t", " ").indexOf('\n') < 0;
        return isIndented ? text : text.replace("\n", INDENT);
    }

    /** Returns text for one line, such as a name: line ends and tabs are replaced like other control characters. */
    public static String line(String raw) {
        return line(raw, Integer.MAX_VALUE);
    }

    /** As {@link #line(String)}, cut to {@code maxChars} characters. */
    public static String line(String raw, int maxChars) {
        return safe(raw, false, maxChars, "");
    }

    private static String safe(String raw, boolean linesStay, int maxChars, String more) {
        StringBuilder safe = new StringBuilder(Math.min(raw.length(), maxChars));
        int next;
        for (int at = 0; at < raw.length(); at = next) {
            int length = safe.length();
            int c = raw.codePointAt(at);
            next = at + Character.charCount(c);
            if (linesStay && (c == '\n' || c == '\t') || !isHidden(Character.getType(c))) {
                safe.append(raw, at, next);
            } else if (!linesStay || !raw.startsWith("\r\n", at)) {
                for (; at < next; at++) {
                    safe.append("\\u").append(Integer.toHexString(raw.charAt(at) | 0x10000), 1, 5);
                }
            }
            if (safe.length() > maxChars) {
                safe.setLength(length);
                return safe.append(more).toString();
            }
        }
        return safe.toString();
    }

    private static boolean isHidden(int type) {
        return type >= Character.LINE_SEPARATOR && type <= Character.FORMAT || type == Character.SURROGATE;
    }
}
