// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the literals that Python prints of dicts, lists, tuples, whole numbers, text, True, False and None. One thread at a time. */
public final class PyLiteral {
    private final String text;
    private int at;

    private PyLiteral(String text) {
        this.text = text;
    }

    /** Returns the value, in the types of {@link PickleIn}. */
    public static Object parse(String text) {
        PyLiteral literal = new PyLiteral(text);
        try {
            Object value = literal.value();
            literal.skipSpace();
            if (literal.at == text.length()) {
                return value;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException expected) { // told below
            literal.at = Math.min(literal.at, text.length());
        }
        throw new PickleError("no literal of Python at character " + literal.at + " of " + text);
    }

    private Object value() {
        skipSpace();
        char c = text.charAt(at);
        switch (c) {
            case '{':
                return dict();
            case '[':
                return new ArrayList<>(items(']'));
            case '(':
                return new Tuple(items(')'));
            case '\'', '"':
                return string();
            default:
                if ((c == 'u' || c == 'b') && "'\"".indexOf(text.charAt(at + 1)) >= 0) {
                    at++;
                    return string();
                }
                return word();
        }
    }

    private Map<Object, Object> dict() {
        Map<Object, Object> dict = new LinkedHashMap<>();
        at++;
        while (!maybe('}')) {
            Object key = value();
            if (!maybe(':')) {
                throw new IndexOutOfBoundsException(at);
            }
            dict.put(key, value());
            maybe(',');
        }
        return dict;
    }

    private List<Object> items(char end) {
        List<Object> items = new ArrayList<>();
        at++;
        while (!maybe(end)) {
            items.add(value());
            maybe(',');
        }
        return items;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        char quote = text.charAt(at++);
        for (char c = text.charAt(at++); c != quote; c = text.charAt(at++)) {
            if (c != '\\') {
                string.append(c);
                continue;
            }
            c = text.charAt(at++);
            int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
            if (digits > 0) {
                string.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
                at += digits;
            } else {
                int simple = "nrt".indexOf(c);
                string.append(simple < 0 ? c : "\n\r\t".charAt(simple));
            }
        }
        return string.toString();
    }

    private Object word() {
        int start = at;
        while (at < text.length() && ",]}): \n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "None" -> null;
            case "True" -> Boolean.TRUE;
            case "False" -> Boolean.FALSE;
            default -> new BigInteger(word.replaceFirst("L$", ""));
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

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}
