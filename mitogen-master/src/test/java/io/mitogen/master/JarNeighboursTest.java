// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarNeighboursTest {
    private static final List<String> ENTRIES = List.of(
            "META-INF/versions/21/a/b/New.class",
            "a/A.class",
            "a/b/B1.class",
            "a/b/B2.class",
            "a/b/c/C.class",
            "a/b/text.txt",
            "module-info.class",
            "x/X.class",
            "x/package-info.class");

    @TempDir
    Path folder;

    private final JarNeighbours neighbours = new JarNeighbours();
    private Path jar;

    private void pack(String root) throws IOException {
        jar = folder.resolve("some.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : ENTRIES) {
                out.putNextEntry(new JarEntry(root + entry));
            }
        }
    }

    @Test
    void shouldListTheClassesOfTheJarNearestFirst() throws IOException {
        pack("");

        List<String> classes = neighbours.of(url("a/b/B2.class"), "a/b/B2.class");

        assertEquals(
                List.of(
                        "a/b/B1.class",
                        "a/b/B2.class",
                        "a/b/c/C.class",
                        "a/A.class",
                        "x/X.class",
                        "x/package-info.class"),
                classes);
    }

    @Test
    void shouldListWhatLiesBelowTheSameRootOfAJarOfJars() throws IOException {
        pack("BOOT-INF/classes/");

        assertEquals(
                List.of(
                        "x/X.class",
                        "x/package-info.class",
                        "a/A.class",
                        "a/b/B1.class",
                        "a/b/B2.class",
                        "a/b/c/C.class"),
                neighbours.of(url("BOOT-INF/classes/x/X.class"), "x/X.class"));
    }

    @Test
    void shouldListNothingForWhatLiesInAFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("A.class"));

        assertEquals(List.of(), neighbours.of(file.toUri().toURL(), "A.class"));
    }

    private URL url(String entry) throws IOException {
        return new URL("jar:" + jar.toUri() + "!/" + entry);
    }
}
