// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import io.mitogen.testkit.SecretSearch;
import java.util.List;

/** What tests call in contexts. */
final class There {
    private There() {}

    static String account() {
        return System.getProperty("user.name");
    }

    static String variable(String name) {
        return System.getenv(name);
    }

    static String folder() {
        return System.getProperty("user.dir");
    }

    /** Returns where these secrets can be found in the processes and temporary files of this machine. */
    static List<String> placesOf(List<String> secrets) {
        return SecretSearch.search(secrets, List.of("/tmp", "/var/tmp", "/dev/shm"));
    }
}
