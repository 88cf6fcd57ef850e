// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.nio.file.Path;
import java.util.List;

/** How {@code ssh} behaves the same for every developer. Any thread. */
public final class IsolatedSsh {
    private IsolatedSsh() {}

    /** Returns options with which {@code ssh} uses this key and these host keys, and no file or agent of the user's. */
    public static List<String> options(Path identity, Path knownHosts) {
        return List.of(
                "-F",
                "none",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-i",
                identity.toString(),
                "-o",
                "GlobalKnownHostsFile=/dev/null",
                "-o",
                "UserKnownHostsFile=" + knownHosts,
                "-o",
                "StrictHostKeyChecking=yes");
    }
}
