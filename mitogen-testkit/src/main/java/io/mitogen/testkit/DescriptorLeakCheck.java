// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds descriptors of this process that lead to pipes, sockets and pollers, on systems with {@code /proc}; nothing elsewhere.
 * Plain files do not count: the JVM opens them as it likes. One thread at a time.
 */
public final class DescriptorLeakCheck implements LeakCheck {
    private static final File DESCRIPTORS = new File("/proc/self/fd");

    private final Set<String> before;

    private DescriptorLeakCheck() {
        before = Set.copyOf(now());
    }

    /** Watches descriptors that are opened from now on. */
    public static DescriptorLeakCheck start() {
        try {
            Pipe first = Pipe.open(); // with the first channel that it closes, the JDK opens a socket that it keeps
            first.source().close();
            first.sink().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a pipe", e);
        }
        return new DescriptorLeakCheck();
    }

    @Override
    public Set<String> leftovers() {
        Set<String> left = now();
        left.removeAll(before);
        return left;
    }

    private static Set<String> now() {
        Set<String> found = new LinkedHashSet<>();
        String[] names = DESCRIPTORS.list();
        for (String name : names == null ? new String[0] : names) {
            String target = target(name);
            if (target.startsWith("pipe:") || target.startsWith("socket:") || target.startsWith("anon_inode:")) {
                found.add("descriptor " + name + " to " + target);
            }
        }
        return found;
    }

    private static String target(String name) {
        try {
            return Files.readSymbolicLink(Path.of(DESCRIPTORS.getPath(), name)).toString();
        } catch (IOException expected) { // closed since it was listed
            return "";
        }
    }
}
