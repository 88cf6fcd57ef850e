// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What OpenSSH says of a private key that it cannot use. Any thread. */
final class SshKeyProblem {
    private static final Pattern ABSENT = Pattern.compile("Warning: Identity file (.*) not accessible: (.*)\\.");
    private static final Pattern OPEN = Pattern.compile("Permissions \\d+ for '(.*)' are too open\\.");
    private static final Pattern UNREADABLE = Pattern.compile("Load key \"(.*)\": (?!bad permissions)(.*)");

    private SshKeyProblem() {}

    /** Returns the problem and what helps, empty when the line tells of none. */
    static String of(String line) {
        Matcher absent = ABSENT.matcher(line);
        if (absent.matches()) {
            return "there is no key in " + absent.group(1) + " (" + absent.group(2) + ")";
        }
        Matcher open = OPEN.matcher(line);
        if (open.matches()) {
            return "ssh does not use the key " + open.group(1) + ", which others may read: chmod 600 " + open.group(1);
        }
        Matcher unreadable = UNREADABLE.matcher(line);
        if (unreadable.matches()) {
            return "ssh cannot read the key " + unreadable.group(1) + " (" + unreadable.group(2) + ")";
        }
        return "";
    }
}
