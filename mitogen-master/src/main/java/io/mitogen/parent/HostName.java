// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine and this account, found without asking the network. Any thread. */
final class HostName {
    private HostName() {}

    static String get() {
        String variable = System.getenv("HOSTNAME");
        if (variable != null && !variable.isBlank()) {
            return variable;
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException expected) { // not Linux
            return "localhost";
        }
    }

    static String user() {
        return System.getProperty("user.name", "unknown");
    }
}
