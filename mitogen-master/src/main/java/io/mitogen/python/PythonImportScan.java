// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.python.PythonTokens.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the imports in Python source, wherever they stand, without running or fully understanding it. What is in strings and
 * comments is no import; what is broken is passed over. One thread at a time.
 */
final class PythonImportScan {
    private static final int NO_FUNCTION = -1;

    private final PythonTokens tokens;
    private final List<PythonImport> found = new ArrayList<>();
    private Kind kind = Kind.NEWLINE;
    private int functionIndent = NO_FUNCTION; // column of the outermost "def" around the current line

    private PythonImportScan(String source) {
        tokens = new PythonTokens(source);
    }

    /** Returns the imports of {@code source} in their order. */
    static List<PythonImport> of(String source) {
        PythonImportScan scan = new PythonImportScan(source);
        scan.run();
        return scan.found;
    }

    private void run() {
        boolean isLineStart = true;
        boolean isStatementStart = true;
        advance();
        while (kind != Kind.END) {
            if (isLineStart && kind != Kind.NEWLINE && tokens.indent() <= functionIndent) {
                functionIndent = NO_FUNCTION;
            }
            boolean consumed = isStatementStart && !tokens.isBracketed() && statement();
            isLineStart = kind == Kind.NEWLINE;
            // "async" begins no statement of its own: what follows it does
            isStatementStart = isLineStart
                    || (kind == Kind.SEMICOLON || kind == Kind.COLON) && !tokens.isBracketed()
                    || isStatementStart && tokens.is(kind, "async");
            if (!consumed || isStatementStart) {
                advance();
            }
        }
    }

    /** Reads the statement at the current token if it is an import; stops at the token behind it and tells so. */
    private boolean statement() {
        if (tokens.is(kind, "def")) {
            if (functionIndent == NO_FUNCTION) {
                functionIndent = tokens.indent();
            }
        } else if (tokens.is(kind, "import")) {
            importModules();
            return true;
        } else if (tokens.is(kind, "from")) {
            importFrom();
            return true;
        }
        return false;
    }

    private void importModules() {
        do {
            advance();
            String module = dottedName();
            if (module == null) {
                return;
            }
            add(0, module, List.of());
            skipAlias();
        } while (kind == Kind.COMMA);
    }

    private void importFrom() {
        int level = 0;
        for (advance(); kind == Kind.DOT; advance()) {
            level++;
        }
        String module = tokens.is(kind, "import") ? "" : dottedName();
        if (module == null || module.isEmpty() && level == 0 || !tokens.is(kind, "import")) {
            return;
        }
        List<String> names = new ArrayList<>();
        do {
            advance();
            if (kind == Kind.OPEN && names.isEmpty()) {
                advance();
            }
            if (kind == Kind.NAME) {
                names.add(tokens.text());
                advance();
                skipAlias();
            } else if (kind == Kind.STAR) {
                advance();
            }
        } while (kind == Kind.COMMA);
        if (kind == Kind.CLOSE) {
            advance();
        }
        add(level, module, names);
    }

    private void add(int level, String module, List<String> names) {
        found.add(new PythonImport(level, module, names, functionIndent != NO_FUNCTION));
    }

    private void skipAlias() {
        if (tokens.is(kind, "as")) {
            advance();
            if (kind == Kind.NAME) {
                advance();
            }
        }
    }

    /** Reads names joined by dots; null when there is none. */
    private @Nullable String dottedName() {
        if (kind != Kind.NAME) {
            return null;
        }
        StringBuilder name = new StringBuilder(tokens.text());
        advance();
        while (kind == Kind.DOT) {
            advance();
            if (kind != Kind.NAME) {
                return null;
            }
            name.append('.').append(tokens.text());
            advance();
        }
        return name.toString();
    }

    private void advance() {
        kind = tokens.next();
    }
}
