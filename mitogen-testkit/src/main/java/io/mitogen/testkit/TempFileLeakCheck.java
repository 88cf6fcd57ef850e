// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds what the start of contexts leaves in the folders for temporary files. One thread at a time. */
public final class TempFileLeakCheck implements LeakCheck {
    private static final String PREFIX = "mitogen.";

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

    private static Set<String> now() {
        Set<String> found = new LinkedHashSet<>();
        for (String folder : new LinkedHashSet<>(List.of("/dev/shm", "/tmp", System.getProperty("java.io.tmpdir")))) {
            String[] names = new File(folder).list((parent, name) -> name.startsWith(PREFIX));
            for (String name : names == null ? new String[0] : names) {
                found.add("file " + folder + "/" + name);
            }
        }
        return found;
    }
}
