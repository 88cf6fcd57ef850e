// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import java.util.List;
import java.util.regex.Pattern;

/** Which words may stand where on ssh's command line. All methods throw {@link IllegalArgumentException}. Any thread. */
final class SshWords {
    /*
     * A host or user reaches a shell where ssh's configuration has a ProxyCommand with %h or %r, or a Match exec. These are the
     * characters that OpenSSH itself refuses there since 9.6. A user may have a backslash, which some directories need.
     */
    private static final String SHELL_CHARACTERS = "'`\";&<>|(){}";

    private static final String OPTIONS_WITH_VALUE = "BbcDEeFIiJLlmOoPpQRSWw";

    /** Options with which ssh runs no command that reads standard input: it forwards, goes to the background or only reports. */
    private static final String OPTIONS_WITHOUT_COMMAND = "fGNnOQsVW";

    /** The same in the form of {@code ssh_config}: only one value of each leaves a command that reads and writes. */
    private static final Pattern SETTING_WITHOUT_COMMAND =
            Pattern.compile("\\s*(?:SessionType|StdinNull|ForkAfterAuthentication)[\\s=].*", Pattern.CASE_INSENSITIVE);

    private SshWords() {}

    /** Checks the name of a host, its address or an alias. */
    static String checkHost(String host) {
        check("host", host, SHELL_CHARACTERS + "$\\@/ ");
        return host;
    }

    /** Checks the name of an account. */
    static String checkUser(String user) {
        check("user", user, SHELL_CHARACTERS + "$");
        if (user.endsWith("\\") || user.contains(" -")) {
            throw new IllegalArgumentException(
                    "user: '" + user + "' ends with a backslash, or has a hyphen after a space");
        }
        return user;
    }

    private static void check(String what, String word, String refused) {
        if (word.startsWith("-")) {
            throw new IllegalArgumentException(what + ": '" + word + "' begins with a hyphen");
        }
        for (int i = 0; i < word.length(); i++) {
            if (refused.indexOf(word.charAt(i)) >= 0) {
                throw new IllegalArgumentException(
                        what + ": '" + word + "' has the character '" + word.charAt(i) + "'");
            }
        }
    }

    /**
     * Checks that ssh takes all words for options and their values, none for the host or the end of the options, and that it still
     * runs a command that reads and writes.
     */
    static void checkArguments(List<String> words) {
        String open = ""; // the option that the next word belongs to
        for (String word : words) {
            if (open.isEmpty()) {
                if (word.length() < 2 || word.charAt(0) != '-' || word.startsWith("--")) {
                    throw new IllegalArgumentException("arguments: '" + word
                            + "' is no option of ssh; each option and each value is a word of its own");
                }
                open = optionWithoutValue(word);
                checkSetting(word.startsWith("-o") ? word.substring(2) : "");
            } else {
                checkSetting(open.equals("-o") ? word : "");
                open = "";
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("arguments: " + open + " lacks its value");
        }
    }

    private static void checkSetting(String setting) {
        if (SETTING_WITHOUT_COMMAND.matcher(setting).matches()) {
            throw new IllegalArgumentException(
                    "arguments: '" + setting + "' is set by Mitogen, which needs a command that runs");
        }
    }

    /** Returns the option at the end of {@code word} that wants a value, empty when none does. */
    private static String optionWithoutValue(String word) {
        for (int i = 1; i < word.length(); i++) {
            if (OPTIONS_WITHOUT_COMMAND.indexOf(word.charAt(i)) >= 0) {
                throw new IllegalArgumentException("arguments: with -" + word.charAt(i)
                        + " ssh runs no command that can be a context; forward ports by an ssh of your own");
            }
            if (OPTIONS_WITH_VALUE.indexOf(word.charAt(i)) >= 0) {
                return i + 1 == word.length() ? "-" + word.charAt(i) : "";
            }
        }
        return "";
    }
}
