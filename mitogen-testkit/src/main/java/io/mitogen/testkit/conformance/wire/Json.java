// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes JSON, strictly enough for files that are known to be right. One thread at a time. */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Returns maps, lists, strings, {@link BigDecimal}, {@link Boolean} and null. */
    public static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.bad("the end");
        }
        return value;
    }

    /** Returns the text of such a value, or of one with any {@link Number}s. */
    public static String write(Object value) {
        return JsonOut.write(value);
    }

    private Object value() {
        skipSpace();
        switch (text.charAt(at)) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            default:
                return word();
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        while (!maybe('}')) {
            skipSpace();
            String key = string();
            expect(':');
            object.put(key, value());
            maybe(',');
        }
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        at++;
        while (!maybe(']')) {
            array.add(value());
            maybe(',');
        }
        return array;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        expect('"');
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                string.append(c);
                continue;
            }
            c = text.charAt(at++);
            int simple = "bfnrt".indexOf(c);
            if (simple >= 0) {
                string.append("\b\f\n\r\t".charAt(simple));
            } else if (c == 'u') {
                string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                string.append(c);
            }
        }
        at++;
        return string.toString();
    }

    private Object word() {
        int start = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> new BigDecimal(word);
        };
    }

    private boolean maybe(char wanted) {
        skipSpace();
        boolean there = text.charAt(at) == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char wanted) {
        skipSpace();
        if (text.charAt(at) != wanted) {
            throw bad("'" + wanted + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException bad(String wanted) {
        return new IllegalArgumentException("no JSON: " + wanted + " expected at character " + at);
    }
}
