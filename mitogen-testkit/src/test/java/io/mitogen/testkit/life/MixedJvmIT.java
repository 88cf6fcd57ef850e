// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Masters and contexts on JVMs of different versions, where the machine has more than one. */
final class MixedJvmIT {
    private static final Path PLACE = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;

    @TestFactory
    Stream<DynamicTest> shouldWorkTogether() throws IOException {
        String own = System.getProperty("java.home");
        String other = otherHome();
        return other == null
                ? Stream.empty()
                : Stream.of(
                        DynamicTest.dynamicTest("shouldServeContextsOnTheOtherJava", () -> check(own, other)),
                        DynamicTest.dynamicTest("shouldServeContextsOnThisJavaFromTheOther", () -> check(other, own)));
    }

    /** A chain of three, on the other Java, on the master's, on the other again. */
    private static void check(String master, String other) throws Exception {
        try (MasterProcess process = new MasterProcess(master, "versions", other + "/bin/java")) {
            int first = versionOf(master);
            int second = versionOf(other);
            assertEquals(first + " " + second + " " + first + " " + second, process.line());
            process.checkNothingLeft();
        }
    }

    /** Returns the home of a Java that is not of this version, null when there is none. */
    private static String otherHome() throws IOException {
        if (!Files.isDirectory(PLACE)) {
            return null;
        }
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(PLACE)) {
            for (Path home : homes) {
                int version = versionOf(home.toString());
                if (version >= OLDEST && version != Runtime.version().feature()) {
                    return home.toString();
                }
            }
        }
        return null;
    }

    /** Returns the feature version in a home's {@code release} file, 0 when it is no Java's home. */
    private static int versionOf(String home) throws IOException {
        Path release = Path.of(home, "release");
        if (!Files.isRegularFile(release) || !Files.isExecutable(Path.of(home, "bin", "java"))) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                return Runtime.Version.parse(line.substring("JAVA_VERSION=\"".length(), line.length() - 1))
                        .feature();
            }
        }
        return 0;
    }
}
