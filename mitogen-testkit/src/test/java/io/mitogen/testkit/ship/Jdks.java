// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine that can run this library: the one that runs the tests, and what lies beside it. Any thread. */
final class Jdks {
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    private Jdks() {}

    /** Returns one JDK's home for each release, the running one first. */
    static List<Path> homes() throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        Map<Integer, Path> others = new TreeMap<>();
        try (Stream<Path> beside = Files.list(own.getParent())) {
            for (Path home : beside.toList()) {
                int release = release(home);
                if (release >= OLDEST && release != Runtime.version().feature()) {
                    others.putIfAbsent(release, home.toRealPath());
                }
            }
        }
        List<Path> homes = new ArrayList<>(List.of(own));
        homes.addAll(others.values());
        return homes;
    }

    /** Returns the first of them whose release is at least {@code from} and below {@code end}. */
    static Optional<Path> ofReleases(int from, int end) throws IOException {
        for (Path home : homes()) {
            if (release(home) >= from && release(home) < end) {
                return Optional.of(home);
            }
        }
        return Optional.empty();
    }

    /** Returns the release of a JDK, 0 for what is none. */
    private static int release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.isRegularFile(file) || !Files.isExecutable(home.resolve("bin/javac"))) {
            return 0;
        }
        Matcher version = VERSION.matcher(Files.readString(file));
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }
}
