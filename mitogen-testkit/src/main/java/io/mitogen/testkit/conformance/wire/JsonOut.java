// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.List;
import java.util.Map;

/** Writes JSON: lines for the items of lists of objects, everything else in one line. One thread at a time. */
final class JsonOut {
    private final StringBuilder out = new StringBuilder();

    static String write(Object value) {
        JsonOut json = new JsonOut();
        json.value(value);
        return json.out.toString();
    }

    private void value(Object value) {
        if (value instanceof Map<?, ?> map) {
            String between = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(between);
                string(entry.getKey().toString());
                out.append(": ");
                value(entry.getValue());
                between = ", ";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String between = "[";
            for (Object each : list) {
                out.append(between).append(each instanceof Map ? "\n" : "");
                value(each);
                between = each instanceof Map ? "," : ", ";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            string(value.toString());
        }
    }

    private void string(String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7f) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
