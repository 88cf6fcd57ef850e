// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.concurrent.Deadline;
import io.mitogen.parent.ProgramAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of an OpenSSH client, which decides which options it knows. Immutable.
 *
 * @param major the number before the point, 0 when the version is not known
 * @param minor the number behind it
 */
record SshVersion(int major, int minor) {
    static final SshVersion UNKNOWN = new SshVersion(0, 0);

    private static final Pattern TEXT = Pattern.compile("OpenSSH_(?:for_Windows_)?(\\d{1,4})\\.(\\d{1,4})");
    private static final int MAX_ANSWER_BYTES = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ConcurrentMap<String, SshVersion> KNOWN = new ConcurrentHashMap<>();

    boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || major == otherMajor && minor >= otherMinor;
    }

    /** Returns the version in the output of {@code ssh -V}, {@link #UNKNOWN} when there is none. */
    static SshVersion parse(String text) {
        Matcher found = TEXT.matcher(text);
        return found.find()
                ? new SshVersion(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)))
                : UNKNOWN;
    }

    /**
     * Returns the version of the client at {@code path}, which is asked once in the life of this process. One that gives no answer
     * within five seconds counts as old, and is asked again next time. On a launch thread.
     */
    static SshVersion of(String path) {
        SshVersion known = KNOWN.get(path);
        if (known == null) {
            known = ask(path);
            if (known != UNKNOWN) {
                KNOWN.put(path, known);
            }
        }
        return known;
    }

    private static SshVersion ask(String path) {
        ProcessBuilder ssh = new ProcessBuilder(path, "-V").redirectErrorStream(true);
        try {
            return parse(ProgramAnswer.of(ssh, Deadline.after(PATIENCE), MAX_ANSWER_BYTES)
                    .text());
        } catch (IOException expected) { // the attempt itself will say why
            return UNKNOWN;
        } catch (InterruptedException expected) { // the attempt was given up
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
