// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OpenSSH's client as the hosts of the testkit use it, and as tests may that bring a host of their own: it behaves the same for
 * every developer. Any thread.
 */
public final class SshClient {
    private SshClient() {}

    /** Returns what this machine lacks of it, and what to do about it; empty when it lacks nothing. */
    public static Optional<String> missing() {
        return Tool.missing(
                List.of("ssh", "ssh-keygen"), "install OpenSSH's client (Debian: apt-get install openssh-client)");
    }

    /** Returns options with which {@code ssh} knows these host keys and cares for no configuration, agent or key of the user's. */
    public static List<String> options(Path knownHosts) {
        return List.of(
                "-F",
                "none",
                "-o",
                "IdentityAgent=none",
                "-o",
                "IdentityFile=none",
                "-o",
                "GlobalKnownHostsFile=/dev/null",
                "-o",
                "UserKnownHostsFile=" + word(knownHosts));
    }

    /** Returns a path as one word of a configuration of OpenSSH. */
    static String word(Path path) {
        String text = path.toString();
        return text.contains(" ") ? '"' + text + '"' : text;
    }

    /** Returns the same options, and those with which {@code ssh} uses this key and refuses hosts that it does not know. */
    public static List<String> options(Path identity, Path knownHosts) {
        List<String> options = new ArrayList<>(options(knownHosts));
        options.addAll(
                List.of("-o", "IdentitiesOnly=yes", "-i", identity.toString(), "-o", "StrictHostKeyChecking=yes"));
        return options;
    }

    /**
     * Makes a key.
     *
     * @param file of its private half; that of the public one has {@code .pub} after the name
     * @param passphrase to lock the file with, empty for none. It is on the command line of {@code ssh-keygen} for a moment
     */
    public static void generateKey(Path file, String passphrase) throws IOException {
        File program = Tool.find("ssh-keygen");
        if (program == null) {
            throw new IOException("cannot make " + file + ": " + missing().orElse("ssh-keygen has gone"));
        }
        Tool.run(List.of(program.getPath(), "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", file.toString()));
    }

    /** Returns the public half of a key as a line for {@code authorized_keys} or, after a name, {@code known_hosts}. */
    public static String publicKey(Path file) throws IOException {
        return Files.readString(file.resolveSibling(file.getFileName() + ".pub"))
                .strip();
    }
}
