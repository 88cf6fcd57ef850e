// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that are served of a folder with classes and other files, and of a jar of the same files. */
final class FolderRulesTest {
    @TempDir
    Path folder;

    private Path classes;
    private URLClassLoader program;

    @BeforeEach
    void write() throws IOException {
        classes = folder.resolve("classes");
        TestCompiler.write(folder.resolve("src"), "com/acme/Facts.java", "package com.acme; public class Facts {}");
        TestCompiler.write(folder.resolve("src"), "com/acme/api/Api.java", "package com.acme.api; public class Api {}");
        TestCompiler.compile(folder.resolve("src"), classes);
        for (String path : List.of(
                "app.properties",
                ".env",
                ".ssh/id_rsa",
                "com/acme/facts.txt",
                "com/acme/.hidden",
                "com/acme/secret/key.txt",
                "com/acme/api/help.txt")) {
            TestCompiler.write(classes, path, "secret");
        }
        program = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    }

    @AfterEach
    void close() throws IOException {
        program.close();
    }

    private ClassImage ask(String path, List<String> deny, List<String> allow) {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        List<ClassImage> images = new ArrayList<>();
        new ClassResponder(finder, new ImportPolicy(deny, allow)).serve(path, this, images::add);
        return images.get(images.size() - 1);
    }

    /** Returns the content, or the reason of the negative answer. */
    private String got(String path, List<String> deny, List<String> allow) {
        ClassImage image = ask(path, deny, allow);
        return image.isMissing() ? image.reason() : new String(image.copies().get(0), UTF_8);
    }

    private String got(String path) {
        return got(path, List.of(), List.of());
    }

    private void assertKept(String word, String path) {
        assertTrue(got(path).contains(word), path + ": " + got(path));
    }

    private void useJar() throws IOException {
        Path jar = folder.resolve("all.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(each -> !each.equals(classes)).toList()) {
                boolean isFolder = Files.isDirectory(file);
                out.putNextEntry(new JarEntry(classes.relativize(file) + (isFolder ? "/" : "")));
                if (!isFolder) {
                    Files.copy(file, out);
                }
            }
        }
        program.close();
        program = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    // == Listings ==

    @Test
    void shouldListAFolderWithTheNamesThatMayBeImported() throws IOException {
        String all = "Facts.class\napi\nfacts.txt\nsecret\n";
        assertEquals(all, got("com/acme"));
        assertEquals("acme\n", got("com"));
        useJar();
        assertEquals(all, got("com/acme"));
        assertEquals("acme\n", got("com"));
    }

    @Test
    void shouldListWithinTheRules() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertEquals("Facts.class\napi\nfacts.txt\n", got("com/acme", List.of("com.acme.secret"), List.of()));
            assertEquals("api\n", got("com/acme", List.of(), List.of("com.acme.api")));
            assertEquals("Api.class\nhelp.txt\n", got("com/acme/api", List.of(), List.of("com.acme.api")));
            for (String path :
                    List.of("com/acme/secret", "com/acme/secret/key.txt", "META-INF/versions/9/com/acme/secret")) {
                String reason = got(path, List.of("com.acme.secret"), List.of());
                assertTrue(reason.contains("by its rule \"com.acme.secret\""), reason);
            }
            String reason = got("com/acme/secret", List.of(), List.of("com.acme.api"));
            assertTrue(reason.contains("the master allows only [com.acme.api]"), reason);
            useJar();
        }
    }

    @Test
    void shouldNotListTheTop() {
        for (String path : List.of("", "/", ".", "./", "com/..", "com/acme/../..")) {
            assertTrue(ask(path, List.of(), List.of()).isMissing(), path);
        }
    }

    @Test
    void shouldNotServeAFileUnderTheNameOfAFolderThatARuleLeadsTo() throws IOException {
        TestCompiler.write(classes, "org/x", "secret");
        assertTrue(got("org/x", List.of(), List.of("org.x.Facts")).contains("allows only"));
    }

    @Test
    void shouldListAFolderOfAMultiReleaseJarAsTheFloorHasItAndKeepNoJarOpen() throws IOException {
        TestCompiler.write(classes, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMulti-Release: true\n");
        for (String version : List.of("16", "17", "25")) {
            TestCompiler.write(classes, "META-INF/versions/" + version + "/com/acme/facts.txt", version);
        }
        useJar();

        for (int i = 0; i < 50; i++) {
            assertEquals("Facts.class\napi\nfacts.txt\nsecret\n", got("com/acme"));
            assertEquals("17", got("com/acme/facts.txt"));
            assertTrue(got("com/acme/facts.txt", List.of(), List.of("com.acme.facts.txt.x"))
                    .contains("allows only"));
        }

        program.close();
        assertEquals(List.of(), opened(folder.resolve("all.jar")));
    }

    private static List<Path> opened(Path file) throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "there is no /proc");
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path each : all.toList()) {
                if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).equals(file)) {
                    found.add(each);
                }
            }
        }
        return found;
    }

    // == Hidden files ==

    @Test
    void shouldKeepHiddenNamesUnlessARuleNamesThem() throws IOException {
        for (int i = 0; i < 2; i++) {
            for (String path : List.of(".env", ".ssh", ".ssh/id_rsa", "com/acme/.hidden", ".not-there")) {
                assertKept("hidden files, unless an allow rule", path);
            }
            assertTrue(got("com/acme/.hidden", List.of(), List.of("com.acme")).contains("hidden files"));
            assertEquals("secret", got("com/acme/.hidden", List.of(), List.of("com/acme/.hidden")));
            assertEquals("secret", got(".ssh/id_rsa", List.of(), List.of(".ssh")));
            useJar();
        }
    }

    @Test
    void shouldFindNothingUnderAnotherSpelling() {
        for (String path : List.of(
                "%2eenv", "com%2facme", "com\\acme", "com//acme", "/com/acme", "COM/acme", "com/acme%2f.hidden")) {
            assertTrue(ask(path, List.of(), List.of()).isMissing(), path);
        }
    }

    // == Links and special files ==

    @Test
    void shouldKeepWhatLinksLeadTo() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(classes.resolve("com/acme/out.txt"), outside);
        Files.createSymbolicLink(classes.resolve("com/acme/up"), folder);
        Files.createSymbolicLink(classes.resolve("com/acme/env.txt"), classes.resolve(".env"));
        Files.createSymbolicLink(classes.resolve("com/acme/same.txt"), classes.resolve("com/acme/facts.txt"));
        Files.createSymbolicLink(classes.resolve("open"), classes.resolve("com/acme/secret"));

        assertKept("a link to a file outside of the class path", "com/acme/out.txt");
        assertKept("a link to a file outside of the class path", "com/acme/up");
        assertKept("a link to a file outside of the class path", "com/acme/up/outside.txt");
        assertKept("a link", "com/acme/env.txt");
        assertTrue(got("open/key.txt", List.of("com.acme.secret"), List.of()).contains("a link"));
        assertEquals("secret", got("open/key.txt"));
        assertEquals("secret", got("com/acme/same.txt"));
        assertEquals("secret", got("com/acme/out.txt", List.of(), List.of("com/acme/out.txt")));
        assertEquals("Facts.class\napi\nfacts.txt\nsame.txt\nsecret\n", got("com/acme"));
    }

    @Test
    void shouldReadOnlyRegularFiles() throws Exception {
        Process made =
                new ProcessBuilder("mkfifo", classes.resolve("com/acme/fifo").toString()).start();
        assumeTrue(made.waitFor() == 0, "there is no mkfifo");
        Files.createSymbolicLink(classes.resolve("com/acme/zero"), Path.of("/dev/zero"));

        assertKept("no regular file", "com/acme/fifo");
        assertKept("no regular file", "com/acme/zero");
        assertTrue(got("com/acme/zero", List.of(), List.of("com/acme/zero")).contains("no regular file"));
        assertEquals("Facts.class\napi\nfacts.txt\nsecret\n", got("com/acme"));
    }

    @Test
    void shouldDenyTheFoldersOfProgramsInOneJarToo() throws IOException {
        TestCompiler.write(classes, "BOOT-INF/classes/com/acme/secret/key.txt", "secret");

        String reason = got("BOOT-INF/classes/com/acme/secret/key.txt", List.of("com.acme.secret"), List.of());

        assertTrue(reason.contains("by its rule"), reason);
    }

    @Test
    void shouldServeFoldersToTheLoaderOfAContext() throws IOException {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        LinkedChild child = new LinkedChild(new ClassResponder(finder, ImportPolicy.ALLOW_ALL)::serve);

        try (InputStream in = child.loader.getResource("com/acme").openStream()) {
            assertEquals("Facts.class\napi\nfacts.txt\nsecret\n", new String(in.readAllBytes(), UTF_8));
        }
    }
}
