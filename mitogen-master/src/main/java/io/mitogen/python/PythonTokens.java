// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

/**
 * Cuts Python source into what a search for imports needs to see: names, marks, and the ends of logical lines. Strings,
 * comments, numbers and operators are there, but not told apart. Takes any text, also what is no Python. One thread at a time.
 */
final class PythonTokens {
    /** What a token is. */
    enum Kind {
        NAME,
        DOT,
        COMMA,
        STAR,
        OPEN,
        CLOSE,
        COLON,
        SEMICOLON,
        NEWLINE,
        OTHER,
        END
    }

    private static final int TAB = 8;

    private final String source;
    private int at;
    private int start;
    private int depth;
    private int indent;
    private boolean atLineStart = true;

    PythonTokens(String source) {
        this.source = source;
    }

    /** Goes on to the next token. */
    Kind next() {
        if (atLineStart && depth == 0) {
            measureIndent();
        }
        skipBlanks();
        start = at;
        if (at >= source.length()) {
            return Kind.END;
        }
        int c = source.codePointAt(at);
        if (c == '\n' || c == '\r') {
            at += source.startsWith("\r\n", at) ? 2 : 1;
            atLineStart = true;
            return Kind.NEWLINE;
        }
        atLineStart = false;
        if (c == '_' || Character.isUnicodeIdentifierStart(c)) {
            at = endOfWord(at);
            return Kind.NAME;
        }
        if (c == '"' || c == '\'') {
            skipString((char) c);
            return Kind.OTHER;
        }
        if (c >= '0' && c <= '9') {
            skipNumber();
            return Kind.OTHER;
        }
        at += Character.charCount(c);
        return mark(c);
    }

    /** Returns where the current token begins in the source. */
    int start() {
        return start;
    }

    /** Returns the text of the current token. */
    String text() {
        return source.substring(start, at);
    }

    /** Tells whether the current token is the name {@code word}. */
    boolean is(Kind kind, String word) {
        return kind == Kind.NAME && at - start == word.length() && source.startsWith(word, start);
    }

    /** Returns the column where the current logical line begins. */
    int indent() {
        return indent;
    }

    /** Tells whether the current token stands within brackets. */
    boolean isBracketed() {
        return depth > 0;
    }

    private Kind mark(int c) {
        switch (c) {
            case '.':
                return Kind.DOT;
            case ',':
                return Kind.COMMA;
            case '*':
                return Kind.STAR;
            case ':':
                return Kind.COLON;
            case ';':
                return Kind.SEMICOLON;
            case '(':
            case '[':
            case '{':
                depth++;
                return Kind.OPEN;
            case ')':
            case ']':
            case '}':
                depth = Math.max(0, depth - 1);
                return Kind.CLOSE;
            default:
                return Kind.OTHER;
        }
    }

    private void measureIndent() {
        int column = 0;
        int i = at;
        for (; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == ' ') {
                column++;
            } else if (c == '\t') {
                column = (column / TAB + 1) * TAB;
            } else if (c == '\f') {
                column = 0;
            } else {
                break;
            }
        }
        boolean isEmpty = i == source.length() || "#\r\n".indexOf(source.charAt(i)) >= 0;
        if (!isEmpty) {
            indent = column; // an empty line ends no block
        }
    }

    /** Skips blanks, comments, joined lines, and line ends within brackets. */
    private void skipBlanks() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == ' ' || c == '\t' || c == '\f' || depth > 0 && (c == '\n' || c == '\r')) {
                at++;
            } else if (c == '#') {
                at = endOfLine(at);
            } else if (c == '\\' && at + 1 < source.length() && "\r\n".indexOf(source.charAt(at + 1)) >= 0) {
                at += source.startsWith("\r\n", at + 1) ? 3 : 2;
            } else {
                return;
            }
        }
    }

    private int endOfLine(int from) {
        int end = from;
        while (end < source.length() && source.charAt(end) != '\n' && source.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private int endOfWord(int from) {
        int end = from;
        while (end < source.length()) {
            int c = source.codePointAt(end);
            if (c != '_' && !Character.isUnicodeIdentifierPart(c)) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private void skipNumber() {
        while (at < source.length()
                && (source.charAt(at) == '.' || Character.isUnicodeIdentifierPart(source.charAt(at)))) {
            at++;
        }
    }

    /** Skips a string; one on a single line that does not end there ends with the line all the same. */
    private void skipString(char quote) {
        String triple = String.valueOf(quote).repeat(3);
        boolean isTriple = source.startsWith(triple, at);
        at += isTriple ? 3 : 1;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\\') {
                at += source.startsWith("\\\r\n", at) ? 3 : 2;
            } else if (isTriple ? source.startsWith(triple, at) : c == quote) {
                at += isTriple ? 3 : 1;
                return;
            } else if (!isTriple && (c == '\n' || c == '\r')) {
                return;
            } else {
                at++;
            }
        }
        at = source.length(); // a backslash may have led beyond
    }
}
