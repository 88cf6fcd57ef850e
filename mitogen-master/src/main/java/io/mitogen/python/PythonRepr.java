// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Tuple;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes values as literals that Python 2.7 and 3 read alike. Any thread. */
final class PythonRepr {
    private PythonRepr() {}

    /**
     * Returns the literal.
     *
     * @param value null, a Boolean, a whole number, a text, or a list, tuple or map of these
     */
    static String of(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value) {
        if (value == null) {
            out.append("None");
        } else if (value instanceof Boolean) {
            out.append((Boolean) value ? "True" : "False");
        } else if (value instanceof String text) {
            appendText(out, text);
        } else if (value instanceof List<?> list) {
            appendItems(out.append('['), list).append(']');
        } else if (value instanceof Tuple tuple) {
            appendItems(out.append('('), tuple.asList()).append(tuple.size() == 1 ? ",)" : ")");
        } else if (value instanceof Map<?, ?> map) {
            appendEntries(out.append('{'), map).append('}');
        } else if (value instanceof Number) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no literal");
        }
    }

    private static StringBuilder appendItems(StringBuilder out, List<?> items) {
        for (int i = 0; i < items.size(); i++) {
            append(out.append(i == 0 ? "" : ", "), items.get(i));
        }
        return out;
    }

    private static StringBuilder appendEntries(StringBuilder out, Map<?, ?> map) {
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            append(out, entry.getKey());
            append(out.append(": "), entry.getValue());
            out.append(entries.hasNext() ? ", " : "");
        }
        return out;
    }

    /** Text with other characters than ASCII needs a prefix in Python 2, which Python 3 takes. */
    private static void appendText(StringBuilder out, String text) {
        boolean isAscii = text.chars().allMatch(c -> c < 0x80);
        out.append(isAscii ? "'" : "u'");
        text.codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else if (isAscii) {
                appendHex(out.append("\\x"), c, 2);
            } else if (Character.isBmpCodePoint(c)) {
                appendHex(out.append("\\u"), c, 4);
            } else {
                appendHex(out.append("\\U"), c, 8);
            }
        });
        out.append('\'');
    }

    private static void appendHex(StringBuilder out, int number, int digits) {
        String hex = Integer.toHexString(number);
        out.append("0".repeat(digits - hex.length())).append(hex);
    }
}
