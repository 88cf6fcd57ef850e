// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import io.mitogen.core.Nullable;
import io.mitogen.parent.MethodOptions;
import java.util.ArrayList;
import java.util.List;

/** The command line of OpenSSH's client. One thread. */
final class SshArgv {
    /*
     * ssh takes the first value that it meets: the user's own arguments, then these, then the configuration files. What is set
     * here against them is what would break the link or outlive it. A master connection of the user's is used where there is one
     * (ControlPath), but none is made: as ControlPersist it would stay, and otherwise end under the user's other sessions.
     */
    private static final List<String> ALWAYS = List.of(
            "ControlMaster=no",
            "ClearAllForwardings=yes",
            "Tunnel=no",
            "PermitLocalCommand=no",
            "RemoteCommand=none",
            "UpdateHostKeys=no", // it may ask for leave to
            "NumberOfPasswordPrompts=2"); // the second question says that the first answer was wrong

    /** Options that older versions refuse as unknown. */
    private static final List<String> SINCE_8_7 =
            List.of("SessionType=default", "StdinNull=no", "ForkAfterAuthentication=no");

    private static final List<String> SINCE_9_6 = List.of("ChannelTimeout=none"); // a link may be silent for long

    private static final int MAX_SECONDS = 86_400; // far below what ssh takes

    private final MethodOptions chosen;
    private final SshVersion version;
    private final List<String> words = new ArrayList<>();

    SshArgv(MethodOptions chosen, SshVersion version) {
        this.chosen = chosen;
        this.version = version;
    }

    /**
     * Returns all words.
     *
     * @param asks whether ssh can ask anything
     * @param command what the login shell shall run
     */
    List<String> words(boolean asks, String command) {
        words.add(chosen.text("path", "ssh"));
        words.addAll(chosen.words("arguments"));
        Integer level = chosen.number("debug_level");
        if (level == null || level == 0) {
            option("LogLevel", "INFO"); // what it complains of is the explanation of a failure
        } else {
            words.add("-" + "v".repeat(level));
        }
        words.add("-T");
        value("-l", chosen.text("user"));
        value("-p", chosen.number("port"));
        value("-i", chosen.text("identity"));
        option("IdentitiesOnly", identitiesOnly());
        option("BatchMode", asks ? null : "yes");
        if (asks && (chosen.secret("password") != null || chosen.secret("passphrase") != null)) {
            option("BatchMode", "no");
        }
        hostKeys();
        option("Compression", chosen.text("compression"));
        option("ServerAliveInterval", chosen.number("keep_alive_seconds", 15));
        option("ServerAliveCountMax", chosen.number("keep_alive_count", 3));
        option("ConnectTimeout", connectSeconds());
        options(ALWAYS);
        options(version.isAtLeast(8, 7) ? SINCE_8_7 : List.of());
        options(version.isAtLeast(9, 6) ? SINCE_9_6 : List.of());
        words.addAll(List.of("--", chosen.text("host"), command));
        return words;
    }

    private @Nullable String identitiesOnly() {
        boolean chosenWay = chosen.text("identity") != null || chosen.secret("password") != null;
        return chosen.text("identities_only", chosenWay ? "yes" : null);
    }

    private void hostKeys() {
        String policy = chosen.text("host_keys");
        if (policy != null) {
            option("StrictHostKeyChecking", HostKeys.valueOf(policy).strictChecking());
        }
        if (HostKeys.IGNORE.name().equals(policy)) {
            option("UserKnownHostsFile", "/dev/null");
            option("GlobalKnownHostsFile", "/dev/null");
        }
    }

    /** Returns a time after which ssh itself gives up and says why, before the attempt's own time is over where possible. */
    private long connectSeconds() {
        return Math.max(
                1, Math.min(MAX_SECONDS, chosen.common().connectTimeout().toSeconds()) - 1);
    }

    private void options(List<String> all) {
        for (String option : all) {
            words.add("-o");
            words.add(option);
        }
    }

    private void value(String flag, @Nullable Object value) {
        if (value != null) {
            words.add(flag);
            words.add(value.toString());
        }
    }

    private void option(String name, @Nullable Object value) {
        value("-o", value == null ? null : name + "=" + value);
    }
}
