// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what is left on another host: all processes of one account or of all, and the temporary files of contexts. Processes
 * are listed whatever started them, so that the host should belong to the test. Linux only, with the usual small tools. One
 * thread at a time.
 */
public final class HostLeakCheck implements LeakCheck {
    /* Numbers in /proc/PID/stat are counted after the command, whose own characters may be anything but end with ") ".
     * What runs this script, and what it runs, is left out: its shell, what is above that, and what is below. A zombie whose
     * parent is process 1 is left out because it is for that one to mend. */
    private static final String SCRIPT = """
            state_of() { { read -r stat <"/proc/$1/stat"; } 2>/dev/null && stat=${stat##*) }; }
            own=" "; p=$$
            while [ "${p:-0}" -gt 1 ] && state_of "$p"; do
                own="$own$p "; set -- $stat; p=$2
            done
            stat -c '%n %U' /proc/[0-9]* 2>/dev/null | while read -r folder user; do
                pid=${folder#/proc/}
                case "$own" in *" $pid "*) continue ;; esac
                state_of "$pid" || continue
                set -- $stat
                [ "$2" = $$ ] || [ "$1 $2" = "Z 1" ] || echo "process $pid started at tick ${20} by $user"
            done
            for d in /dev/shm /tmp /var/tmp /run/user/* /root /home/* "${TMPDIR:-/tmp}" "${HOME:-/tmp}" "$PWD"; do
                for f in "$d"/mitogen.*; do
                    [ -e "$f" ] && echo "file $f"
                done
            done
            exit 0
            """;

    private final HostShell shell;
    private final String account;
    private final Set<String> before;

    private HostLeakCheck(HostShell shell, String account) {
        this.shell = shell;
        this.account = account;
        this.before = Set.copyOf(now());
    }

    /**
     * Watches what begins from now on.
     *
     * @param account whose processes count, empty for all
     */
    public static HostLeakCheck start(HostShell shell, String account) {
        return new HostLeakCheck(shell, account);
    }

    @Override
    public Set<String> leftovers() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    private Set<String> now() {
        try {
            List<String> lines = shell.run(SCRIPT, "").lines().toList();
            Set<String> found = new LinkedHashSet<>();
            for (String line : lines) {
                if (!line.startsWith("process ") || account.isEmpty() || line.endsWith(" by " + account)) {
                    found.add(line);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list processes and files", e);
        }
    }
}
