// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX shell's program and its arguments as words that every login shell passes on as they are: sh, dash, bash, zsh, ksh,
 * fish, csh, tcsh, busybox. Any thread.
 */
final class ShellWords {
    /*
     * Inside single quotes all these shells leave most of ASCII alone. The exceptions are written as octal escapes, which the
     * program's own printf undoes: the quote itself; the backslash, for fish; the exclamation mark and the end of line, for
     * csh; and the dollar, because sudo -i, which puts a backslash before everything else that is no letter or digit,
     * leaves that one bare. csh also limits words to about 1000 characters, counted with those backslashes.
     */
    private static final int MAX_WORD = 400;
    private static final String ESCAPED = "'\\!$";

    /** Becomes {@code eval "$(printf %b "$@")"}, and contains nothing that is escaped above but its two backslashes. */
    private static final String EVAL = "eval `printf \"eval \\042\\044(printf %%b \\042\\044@\\042)\\042\"`";

    private ShellWords() {}

    /** Returns the words {@code exec /bin/sh -c …}, unquoted. */
    static List<String> of(String program, List<String> arguments) {
        StringBuilder text = new StringBuilder("set --");
        for (String argument : arguments) {
            text.append(" '").append(argument.replace("'", "'\\''")).append('\'');
        }
        byte[] bytes = text.append('\n').append(program).toString().getBytes(StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(List.of("exec", "/bin/sh", "-c", EVAL, "mitogen"));
        StringBuilder word = new StringBuilder();
        for (byte b : bytes) {
            if (word.length() >= MAX_WORD) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (b < ' ' || b > '~' || ESCAPED.indexOf(b) >= 0) {
                word.append("\\0").append(b >> 6 & 3).append(b >> 3 & 7).append(b & 7);
            } else {
                word.append((char) b);
            }
        }
        words.add(word.toString());
        return words;
    }

    /** Returns the line that a shell splits into these words; none of them contains a single quote. */
    static String line(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ").append(isPlain(word) ? word : "'" + word + "'");
        }
        return line.toString();
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if ((c < 'a' || c > 'z') && c != '/' && c != '-') {
                return false;
            }
        }
        return true;
    }
}
