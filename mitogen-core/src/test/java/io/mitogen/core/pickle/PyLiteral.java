// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what Python's {@code repr} printed, as the Java value a reader should have made of it. Blobs and secrets, whose
 * content is not printed, become a {@link Hidden}. One thread at a time.
 */
final class PyLiteral {
    /** A value of which only the printed form is known. */
    record Hidden(String text) {}

    private final String text;
    private final boolean isPython2;
    private int at;

    private PyLiteral(String text, boolean isPython2) {
        this.text = text;
        this.isPython2 = isPython2;
    }

    static Object parse(String text, boolean isPython2) {
        PyLiteral literal = new PyLiteral(text, isPython2);
        Object value = literal.value();
        if (literal.at != text.length()) {
            throw new IllegalArgumentException("cannot parse at " + literal.at + ": " + text);
        }
        return value;
    }

    private Object value() {
        char c = text.charAt(at);
        if (text.startsWith("[blob: ", at) || text.startsWith("[secret]", at)) {
            int start = at;
            at = text.indexOf(']', at) + 1;
            return new Hidden(text.substring(start, at));
        }
        if (c == '[') {
            at++;
            return new ArrayList<>(items(']'));
        }
        if (c == '(') {
            at++;
            return Tuple.copyOf(items(')'));
        }
        if (c == '{') {
            return dict();
        }
        if (c == '\'' || c == '"') {
            return isPython2 ? bytes() : string();
        }
        if ((c == 'u' || c == 'b') && "'\"".indexOf(text.charAt(at + 1)) >= 0) {
            at++;
            return c == 'u' ? string() : bytes();
        }
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        return at < text.length() && text.charAt(at) == '(' ? call(word) : word(word);
    }

    private Object call(String name) {
        at++;
        List<Object> arguments = items(')');
        switch (name) {
            case "bytearray":
                return Bytearray.wrap((byte[]) arguments.get(0));
            case "Kwargs":
                Map<String, Object> map = new LinkedHashMap<>();
                ((Map<?, ?>) arguments.get(0))
                        .forEach((key, value) -> map.put(
                                key instanceof Bytes
                                        ? new String(((Bytes) key).bytes(), StandardCharsets.UTF_8)
                                        : (String) key,
                                value));
                return Kwargs.copyOf(map);
            case "Sender":
                TestGlobals.Made context = (TestGlobals.Made) arguments.get(0);
                return new TestGlobals.Made(name, Tuple.of(context.arguments().get(0), arguments.get(1)));
            default:
                return new TestGlobals.Made(name, Tuple.copyOf(arguments));
        }
    }

    private static Object word(String word) {
        switch (word) {
            case "None":
                return null;
            case "True":
                return true;
            case "False":
                return false;
            case "inf":
                return Double.POSITIVE_INFINITY;
            case "-inf":
                return Double.NEGATIVE_INFINITY;
            case "nan":
                return Double.NaN;
            default:
                if (word.matches("-?[0-9]+L?")) {
                    return TextValues.integer(word.replace("L", ""));
                }
                return Double.valueOf(word);
        }
    }

    private List<Object> items(char end) {
        List<Object> items = new ArrayList<>();
        while (text.charAt(at) != end) {
            items.add(value());
            skipComma();
        }
        at++;
        return items;
    }

    private Map<Object, Object> dict() {
        Map<Object, Object> dict = new LinkedHashMap<>();
        at++;
        while (text.charAt(at) != '}') {
            Object key = value();
            at += 2;
            dict.put(key instanceof byte[] ? Bytes.of((byte[]) key) : key, value());
            skipComma();
        }
        at++;
        return dict;
    }

    private void skipComma() {
        while (text.charAt(at) == ',' || text.charAt(at) == ' ') {
            at++;
        }
    }

    private byte[] bytes() {
        String string = string();
        byte[] bytes = new byte[string.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) string.charAt(i);
        }
        return bytes;
    }

    private String string() {
        char quote = text.charAt(at++);
        StringBuilder string = new StringBuilder();
        while (text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c != '\\') {
                string.append(c);
                continue;
            }
            char escape = text.charAt(at++);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            int known = "nrt".indexOf(escape);
            if (digits > 0) {
                string.appendCodePoint(Integer.parseInt(text.substring(at, at + digits), 16));
                at += digits;
            } else {
                string.append(known >= 0 ? "\n\r\t".charAt(known) : escape);
            }
        }
        at++;
        return string.toString();
    }
}
