// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what the start of contexts leaves where it may make its folder: in those for temporary files, at home and where this
 * process works. One thread at a time.
 */
public final class TempFileLeakCheck implements LeakCheck {
    private static final String PREFIX = "mitogen.";
    private static final File RUN_USER = new File("/run/user");

    private final Set<String> before;

    private TempFileLeakCheck() {
        before = Set.copyOf(now());
    }

    /** Watches files and folders that are made from now on. */
    public static TempFileLeakCheck start() {
        return new TempFileLeakCheck();
    }

    @Override
    public Set<String> leftovers() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    /** Returns where the boot script tries to make its folder; {@code /run/user} has one for each user. */
    private static Set<String> folders() {
        Set<String> folders = new LinkedHashSet<>(List.of("/dev/shm", "/tmp", "/var/tmp"));
        folders.add(System.getProperty("java.io.tmpdir"));
        folders.add(System.getProperty("user.home"));
        folders.add(System.getProperty("user.dir"));
        for (String name : List.of("TMPDIR", "XDG_RUNTIME_DIR", "HOME")) {
            folders.add(System.getenv().getOrDefault(name, "/tmp"));
        }
        String[] users = RUN_USER.list();
        for (String user : users == null ? new String[0] : users) {
            folders.add(RUN_USER + "/" + user);
        }
        return folders;
    }

    private static Set<String> now() {
        Set<String> found = new LinkedHashSet<>();
        for (String folder : folders()) {
            String[] names = new File(folder).list((parent, name) -> name.startsWith(PREFIX));
            for (String name : names == null ? new String[0] : names) {
                found.add("file " + folder + "/" + name);
            }
        }
        return found;
    }
}
