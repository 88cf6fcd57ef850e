// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what the start of contexts leaves where it may make its folder: in those for temporary files, at home and where this
 * process works. What belongs to a living process that is not below this one is another program's. One thread at a time.
 */
public final class TempFileLeakCheck implements LeakCheck {
    private static final String PREFIX = "mitogen.";
    private static final Pattern OF_A_PROCESS = Pattern.compile("mitogen\\.([0-9]+)\\.[0-9]+");
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
            String[] names = new File(folder).list((parent, name) -> name.startsWith(PREFIX) && !isOfAnother(name));
            for (String name : names == null ? new String[0] : names) {
                found.add("file " + folder + "/" + name);
            }
        }
        return found;
    }

    private static boolean isOfAnother(String name) {
        Matcher matcher = OF_A_PROCESS.matcher(name);
        Optional<ProcessHandle> above =
                matcher.matches() ? ProcessHandle.of(Long.parseLong(matcher.group(1))) : Optional.empty();
        boolean isAlive = above.isPresent();
        while (above.isPresent() && !above.get().equals(ProcessHandle.current())) {
            above = above.get().parent();
        }
        return isAlive && above.isEmpty();
    }
}
