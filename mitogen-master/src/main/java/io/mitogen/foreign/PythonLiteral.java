// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.pickle.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one value as Python's {@code repr} prints it, and nothing that {@code repr} would not print: {@code None}, booleans,
 * integers, texts, lists, tuples and dicts. It evaluates nothing. One thread; made for one text.
 *
 * <p>Of Python 2 it knows the {@code u} before a text and the {@code L} behind an integer.
 */
final class PythonLiteral {
    /** Longest text, in characters; a configuration has some hundred. */
    static final int MAX_CHARS = 1 << 20;

    /** How deep lists, tuples and dicts may be nested; a configuration needs two. */
    static final int MAX_DEPTH = 32;

    /** Longest integer, in digits: more than an id or a size can have. */
    static final int MAX_DIGITS = 1_000;

    private static final String ESCAPES = "\\'\"nrt";
    private static final String ESCAPED = "\\'\"\n\r\t";
    private static final int MAX_SHOWN = 20;

    private final String text;
    private int at;
    private int depth;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /**
     * Returns the value of {@code text}: null, {@code Boolean}, {@code Long}, {@code BigInteger} when a long cannot hold it,
     * {@code String}, {@code List}, {@code Tuple} or {@code Map}.
     */
    static Object parse(String text) throws LiteralException {
        if (text.length() > MAX_CHARS) {
            throw new LiteralException("a literal of " + text.length() + " characters has more than the " + MAX_CHARS
                    + " that it may have");
        }
        PythonLiteral literal = new PythonLiteral(text);
        Object value = literal.value();
        literal.skipSpace();
        if (literal.at < text.length()) {
            throw literal.unexpected("the end");
        }
        return value;
    }

    private Object value() throws LiteralException {
        skipSpace();
        char c = peek();
        if (c == '[' || c == '(' || c == '{') {
            return container(c);
        }
        if (c == '\'' || c == '"') {
            return string();
        }
        if (c == 'u' && at + 1 < text.length() && (text.charAt(at + 1) == '\'' || text.charAt(at + 1) == '"')) {
            at++;
            return string();
        }
        if (c == '-' || isDigit(c)) {
            return integer();
        }
        return word();
    }

    private Object container(char open) throws LiteralException {
        if (++depth > MAX_DEPTH) {
            throw new LiteralException("more than " + MAX_DEPTH + " levels at character " + at);
        }
        at++;
        Object value = open == '[' ? list() : open == '(' ? tuple() : dict();
        depth--;
        return value;
    }

    private List<Object> list() throws LiteralException {
        List<Object> items = new ArrayList<>();
        while (!closes(']')) {
            items.add(value());
            separate(']');
        }
        return items;
    }

    private Tuple tuple() throws LiteralException {
        List<Object> items = new ArrayList<>();
        boolean separated = true;
        while (!closes(')')) {
            items.add(value());
            separated = separate(')');
        }
        if (items.size() == 1 && !separated) {
            throw new LiteralException("parentheses around a single value before character " + at + " make no tuple");
        }
        return Tuple.of(items.toArray());
    }

    private Map<Object, Object> dict() throws LiteralException {
        Map<Object, Object> entries = new LinkedHashMap<>();
        while (!closes('}')) {
            int start = at;
            Object key = value();
            if (key instanceof List || key instanceof Map || key instanceof Tuple) {
                throw new LiteralException("the key at character " + start + " is no plain value");
            }
            skipSpace();
            expect(':');
            if (entries.containsKey(key)) {
                throw new LiteralException("the key at character " + start + " is there twice");
            }
            entries.put(key, value());
            separate('}');
        }
        return entries;
    }

    /** Takes the closing bracket, if it comes next. */
    private boolean closes(char close) throws LiteralException {
        skipSpace();
        if (peek() != close) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes the comma behind an item, which only a last one may lack; tells whether it was there. */
    private boolean separate(char close) throws LiteralException {
        skipSpace();
        if (peek() == close) {
            return false;
        }
        expect(',');
        return true;
    }

    private Object integer() throws LiteralException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int first = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        int digits = at - first;
        if (digits == 0) {
            throw unexpected("a digit");
        }
        if (digits > MAX_DIGITS || digits > 1 && text.charAt(first) == '0') {
            throw new LiteralException("no integer of " + digits + " digits at character " + first);
        }
        BigInteger value = new BigInteger(text.substring(start, at));
        if (at < text.length() && text.charAt(at) == 'L') {
            at++;
        }
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private Object word() throws LiteralException {
        int end = at;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        Object value;
        switch (text.substring(at, end)) {
            case "None":
                value = null;
                break;
            case "True":
                value = true;
                break;
            case "False":
                value = false;
                break;
            default:
                throw unexpected("a value");
        }
        at = end;
        return value;
    }

    private String string() throws LiteralException {
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        for (char c = next(); c != quote; c = next()) {
            if (c == '\n' || c == '\r') {
                throw new LiteralException("a text ends with its line before character " + at);
            }
            if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    private void escape(StringBuilder value) throws LiteralException {
        char c = next();
        int plain = ESCAPES.indexOf(c);
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (plain >= 0) {
            value.append(ESCAPED.charAt(plain));
            return;
        }
        int code = 0;
        for (int i = 0; i < digits; i++) {
            char digit = next();
            int part = digit < 0x80 ? Character.digit(digit, 16) : -1;
            if (part < 0 || code >= 1 << 24) {
                throw new LiteralException("a wrong digit in an escape before character " + at);
            }
            code = code << 4 | part;
        }
        if (digits == 0 || !Character.isValidCodePoint(code)) {
            throw new LiteralException("an unknown escape before character " + at);
        }
        value.appendCodePoint(code);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private void expect(char wanted) throws LiteralException {
        if (peek() != wanted) {
            throw unexpected("'" + wanted + "'");
        }
        at++;
    }

    private char next() throws LiteralException {
        char c = peek();
        at++;
        return c;
    }

    private char peek() throws LiteralException {
        if (at >= text.length()) {
            throw new LiteralException("the text ends at character " + at + ", inside a value");
        }
        return text.charAt(at);
    }

    private LiteralException unexpected(String wanted) {
        StringBuilder found = new StringBuilder();
        for (int i = at; i < text.length() && i < at + MAX_SHOWN; i++) {
            char c = text.charAt(i);
            found.append(c < ' ' || c > '~' ? '?' : c);
        }
        return new LiteralException("expected " + wanted + " at character " + at + ", found \"" + found + '"');
    }
}
