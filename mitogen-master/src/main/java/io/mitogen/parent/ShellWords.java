// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A POSIX shell's program and its arguments as words that every login shell passes on as they are: sh, dash, bash, zsh, ksh,
 * fish, csh, tcsh, busybox. Any thread.
 */
final class ShellWords {
    /*
     * Inside single quotes all these shells leave most of ASCII alone. The exceptions are written as octal escapes, which the
     * program's own printf undoes: the quote itself; the backslash, for fish; the exclamation mark and the end of line, for
     * csh. Where there are no quotes, because a tool puts a backslash before everything that is no letter or digit, the
     * dollar is one more: sudo -i leaves it bare. The oldest csh also limits words to about 1000 characters, counted with
     * those backslashes.
     */
    private static final int MAX_WORD = 400;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.:=+,@-]+");
    private static final String NEVER_IN_QUOTES = "'\\!";
    private static final String NEVER_WITHOUT = "'\\!$";

    /** Becomes {@code eval "$(printf %b "$@")"}, and needs nothing of the above but backslashes before digits. */
    private static final String EVAL = "eval `printf \"eval \\042\\044(printf %%b \\042\\044@\\042)\\042\"`";

    private ShellWords() {}

    /** Returns the words {@code exec /bin/sh -c …} for a tool that joins words to a line and escapes them itself. */
    static List<String> words(String program, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("exec", "/bin/sh", "-c", EVAL, "mitogen"));
        words.addAll(cut(program, arguments, NEVER_WITHOUT));
        return words;
    }

    /** Returns the line {@code exec /bin/sh -c …}. */
    static String line(String program, List<String> arguments) {
        StringBuilder line = new StringBuilder("exec /bin/sh -c '").append(EVAL).append("' mitogen");
        for (String word : cut(program, arguments, NEVER_IN_QUOTES)) {
            line.append(" '").append(word).append('\'');
        }
        return line.toString();
    }

    private static List<String> cut(String program, List<String> arguments, String escaped) {
        StringBuilder text = new StringBuilder("set --");
        for (String argument : arguments) {
            boolean isPlain = PLAIN.matcher(argument).matches(); // a quote takes four characters on the way
            text.append(isPlain ? " " + argument : " '" + argument.replace("'", "'\\''") + "'");
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        byte[] bytes = text.append('\n').append(program).toString().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (word.length() >= MAX_WORD) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (b < ' ' || b > '~' || escaped.indexOf(b) >= 0) {
                boolean isShort = b >= 0 && b < 0100 && !(i + 1 < bytes.length && isOctal(bytes[i + 1]));
                word.append("\\0")
                        .append(isShort ? "" : b >> 6 & 3)
                        .append(b >> 3 & 7)
                        .append(b & 7);
            } else {
                word.append((char) b);
            }
        }
        words.add(word.toString());
        return words;
    }

    /** Tells whether {@code printf} would take the character for a further digit of an escape. */
    private static boolean isOctal(byte b) {
        return b >= '0' && b <= '7';
    }
}
