// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jars as the build leaves them, which any program may have on its class path. */
@Timeout(120)
final class LauncherIT {
    private static final List<String> MODULES =
            List.of("mitogen-core", "mitogen-master", "mitogen-ssh", "mitogen-testkit");

    private static Path jar(String module) throws IOException {
        Path folder = Path.of("..", module, "target");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, module + "-*.jar")) {
            for (Path jar : jars) {
                if (!jar.toString().matches(".*-(sources|tests|javadoc)\\.jar")) {
                    return jar;
                }
            }
        }
        throw new IOException("no jar of " + module + " in " + folder.toAbsolutePath());
    }

    /** Compilers warn of such names when there is nothing. */
    @Test
    void shouldNameNoOtherFileInAManifest() throws IOException {
        for (String module : MODULES) {
            try (JarFile jar = new JarFile(jar(module).toFile())) {
                assertEquals(null, jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH), module);
            }
        }
    }

    @Test
    void shouldHaveTheLicenceAndSayWhatItIs() throws IOException {
        for (String module : MODULES) {
            try (JarFile jar = new JarFile(jar(module).toFile())) {
                Attributes manifest = jar.getManifest().getMainAttributes();
                String version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
                assertTrue(jar.getName().endsWith(module + "-" + version + ".jar"), jar.getName() + ": " + version);
                assertTrue(
                        manifest.getValue(Attributes.Name.IMPLEMENTATION_TITLE).startsWith("Mitogen"), module);
                assertTrue(jar.getEntry("META-INF/LICENSE") != null, module);
            }
        }
    }

    @Test
    void shouldFindTheOtherJarsWhereTheBuildLeavesThemAndBesideThisOne(@TempDir Path folder) throws Exception {
        List<Path> copies = new ArrayList<>();
        for (String module : MODULES) {
            copies.add(Files.copy(jar(module), folder.resolve(module + ".jar")));
        }
        for (Path kit : List.of(jar("mitogen-testkit"), copies.get(3))) {
            String said = run(kit, 0, "conformance", "--jvm", "--only", "frames.*");
            assertTrue(said.contains(" 0 FAIL"), said);
        }
    }

    @Test
    void shouldSayWhereItLookedForAJarThatIsMissing(@TempDir Path folder) throws Exception {
        Path alone = Files.copy(jar("mitogen-testkit"), folder.resolve("mitogen-testkit.jar"));

        String said = run(alone, 2, "conformance", "--list");

        assertTrue(
                said.contains("cannot run")
                        && said.contains(folder.resolve("mitogen-core.jar").toString()),
                said);
    }

    private static String run(Path kit, int status, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", kit.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(status, process.waitFor(), said);
        return said;
    }
}
