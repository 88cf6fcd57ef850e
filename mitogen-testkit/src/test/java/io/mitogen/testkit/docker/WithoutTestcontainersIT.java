// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM in which Testcontainers is not on the class path is told so, whatever it asks for first. */
@Timeout(60)
final class WithoutTestcontainersIT {
    @Test
    void shouldSayThatItIsMissing() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> !entry.contains("docker-java") && !entry.contains("testcontainers"))
                                .collect(Collectors.joining(File.pathSeparator)),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();

        List<String> lines = jvm.inputReader().lines().toList();

        assertEquals(3, lines.size(), () -> String.join("\n", lines));
        for (String line : lines) {
            assertTrue(line.contains("Testcontainers is not on the class path"), line);
        }
        assertEquals(0, jvm.waitFor());
    }

    /** Prints what three uses of the package come to. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            print(DockerHost::missing);
            print(DockerHost::start);
            print(DockerNetwork::create);
        }

        private static void print(Callable<?> use) {
            try {
                System.out.println(use.call());
            } catch (Exception e) {
                System.out.println(e);
            }
        }
    }
}
