// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes values as JSON text, two spaces for each level: maps with text as keys, lists, text, whole numbers, doubles (six digits;
 * null if not finite), booleans, null. Any thread.
 */
public final class Json {
    private static final MathContext DIGITS = new MathContext(6);
    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /**
     * Returns the text of {@code value}, with a line end.
     *
     * @throws IllegalArgumentException of a value that is none of these
     */
    public static String write(Object value) {
        Json json = new Json();
        json.value(value, 0);
        return json.out.append('\n').toString();
    }

    private void value(Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            block('{', '}', entries, depth, entry -> {
                text(String.valueOf(entry.getKey()));
                out.append(": ");
                value(entry.getValue(), depth + 1);
            });
        } else if (value instanceof List<?> list) {
            block('[', ']', list.iterator(), depth, item -> value(item, depth + 1));
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Double number) {
            out.append(
                    Double.isFinite(number)
                            ? new BigDecimal(number).round(DIGITS).toString()
                            : "null");
        } else if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else {
            throw new IllegalArgumentException(value.getClass() + " has no JSON: " + value);
        }
    }

    private <T> void block(
            char open, char close, Iterator<? extends T> items, int depth, java.util.function.Consumer<T> write) {
        out.append(open);
        if (!items.hasNext()) {
            out.append(close);
            return;
        }
        String separator = "";
        while (items.hasNext()) {
            out.append(separator);
            newLine(depth + 1);
            write.accept(items.next());
            separator = ",";
        }
        newLine(depth);
        out.append(close);
    }

    private void newLine(int depth) {
        out.append('\n').append("  ".repeat(depth));
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
