// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.python.PythonTokens.Kind;

/**
 * Leaves out of Python source what no interpreter needs: comments, and strings that are a statement of their own, as the
 * documentation of functions is. The numbers of lines stay. One thread at a time.
 */
final class PythonMinifier {
    /** In a comment of the files of Mitogen for Python which say that they do not read their own documentation. */
    static final String ALLOWED = "!mitogen: minify_safe";

    private static final int DECLARING_LINES = 2; // where PEP 263 has the encoding, in a comment

    private final String source;
    private final PythonTokens tokens;
    private final StringBuilder kept = new StringBuilder();
    private final int declaring;
    private int copied;

    private PythonMinifier(String source) {
        this.source = source;
        this.tokens = new PythonTokens(source);
        int end = 0;
        for (int line = 0; line < DECLARING_LINES && end >= 0; line++) {
            end = source.indexOf('\n', end) + 1;
        }
        this.declaring = end;
    }

    /** Returns {@code source} without what is not needed. */
    static String minify(String source) {
        return new PythonMinifier(source).run();
    }

    private String run() {
        boolean lineStart = true;
        Kind kind = tokens.next();
        while (kind != Kind.END) {
            copyBlanks();
            int begin = tokens.start();
            String text = tokens.text();
            boolean wasLineStart = lineStart;
            lineStart = kind == Kind.NEWLINE;
            if (lineStart) {
                dropTrailingBlanks();
            }
            copied = begin + text.length();
            boolean isString = kind == Kind.OTHER && (text.charAt(0) == '"' || text.charAt(0) == '\'');
            kind = tokens.next();
            if (isString && wasLineStart && (kind == Kind.NEWLINE || kind == Kind.END)) {
                kept.append("''").append("\n".repeat((int)
                                text.chars().filter(c -> c == '\n').count()));
            } else {
                kept.append(text);
            }
        }
        copyBlanks();
        return kept.toString();
    }

    /** Copies what stands before the current token, but comments. */
    private void copyBlanks() {
        int at = copied;
        while (at < tokens.start()) {
            char c = source.charAt(at);
            if (c == '#' && at >= declaring) {
                while (at < tokens.start() && source.charAt(at) != '\n' && source.charAt(at) != '\r') {
                    at++;
                }
            } else {
                kept.append(c);
                at++;
            }
        }
        copied = at;
    }

    private void dropTrailingBlanks() {
        int end = kept.length();
        while (end > 0 && (kept.charAt(end - 1) == ' ' || kept.charAt(end - 1) == '\t')) {
            end--;
        }
        kept.setLength(end);
    }
}
