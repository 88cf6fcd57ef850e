// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.boot;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** Commands that see other mounts than the rest of the machine: as root, or where users may have namespaces of their own. */
public final class Namespaces {
    private static final String[] UNSHARE = {
        "unshare", System.getProperty("user.name").equals("root") ? "-m" : "-rm"
    };

    private Namespaces() {}

    public static void assumeAvailable() {
        boolean available;
        try {
            available = new ProcessBuilder(command("mount -t tmpfs none /tmp"))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            available = false;
        }
        assumeTrue(available, "no mount namespace can be made here");
    }

    /** Returns the words that run {@code script} in a namespace, with the words that follow as its arguments. */
    public static String[] command(String script) {
        return new String[] {UNSHARE[0], UNSHARE[1], "sh", "-c", script, "namespace"};
    }
}
