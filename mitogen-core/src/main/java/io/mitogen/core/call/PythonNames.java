// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;

/** Checks the names that a {@link PythonFunction} is made of, and tells what to write instead of a wrong one. Any thread. */
final class PythonNames {
    private PythonNames() {}

    static void checkModule(String module, String function) {
        if (module.startsWith(".")) {
            throw bad(module, "module", "there is nothing that it could be relative to: write the full name");
        }
        if (function.isEmpty() && isDotted(module) && module.indexOf('.') > 0) {
            throw bad(module, "module and function in one", split(module));
        }
        if (!isDotted(module)) {
            throw bad(module, "module", "write it as after import, like os.path");
        }
    }

    static void checkClass(String module, String owner) {
        if (isDotted(owner) && owner.indexOf('.') > 0) {
            throw bad(
                    owner,
                    "class",
                    "a class inside another cannot be reached from outside: write a function of module " + module
                            + " that calls it");
        }
        if (!isIdentifier(owner)) {
            throw bad(owner, "class", "write it like Facts");
        }
    }

    static void checkFunction(String module, String function) {
        if (isIdentifier(function)) {
            return;
        }
        if (function.contains("lambda") || function.contains("<locals>")) {
            throw bad(
                    function,
                    "function",
                    "a lambda, or a function inside another, has no name by which a context could find it: define it"
                            + " in a module, with def");
        }
        if (isDotted(function)) {
            boolean isWhole = function.startsWith(module + ".");
            throw bad(function, "function", split(isWhole ? function : module + "." + function));
        }
        if (function.indexOf('(') > 0) {
            throw bad(function, "function", "write it without parentheses; arguments follow it in the call");
        }
        throw bad(function, "function", "write it like getpid");
    }

    static void checkKeyword(String keyword, PythonFunction<?> function) {
        if (!isIdentifier(keyword)) {
            throw bad(keyword, "keyword argument of " + function, "write it like exist_ok");
        }
    }

    /** Tells how to write a whole name: what comes before the last dot may be a module, or a module and a class. */
    private static String split(String whole) {
        int last = whole.lastIndexOf('.');
        String before = whole.substring(0, last);
        String function = whole.substring(last + 1);
        String said = "write of(\"" + before + "\", \"" + function + "\") if " + before + " is a module";
        int middle = before.lastIndexOf('.');
        return middle < 0
                ? said
                : said + ", of(\"" + before.substring(0, middle) + "\", \"" + before.substring(middle + 1) + "\", \""
                        + function + "\") if it is a class";
    }

    private static BadTargetException bad(@Nullable String name, String kind, String remedy) {
        return new BadTargetException("\"" + name + "\" is no name of a Python " + kind + ": " + remedy);
    }

    private static boolean isDotted(String name) {
        for (int start = 0; ; ) {
            int dot = name.indexOf('.', start);
            if (!isIdentifier(name.substring(start, dot < 0 ? name.length() : dot))) {
                return false;
            }
            if (dot < 0) {
                return true;
            }
            start = dot + 1;
        }
    }

    /** Tells whether the text is an identifier in Python 3, where letters of all scripts are allowed. */
    private static boolean isIdentifier(String name) {
        if (name.isEmpty()) {
            return false;
        }
        int first = name.codePointAt(0);
        if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
            return false;
        }
        for (int i = Character.charCount(first); i < name.length(); ) {
            int c = name.codePointAt(i);
            if (!Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }
}
