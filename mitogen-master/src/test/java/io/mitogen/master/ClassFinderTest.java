// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFinderTest {
    private static final FolderRules RULES = new FolderRules(ImportPolicy.ALLOW_ALL, path -> true);

    @TempDir
    Path folder;

    @Test
    void shouldServeOfAMultiReleaseJarWhatTheFloorSees() throws Exception {
        Path jar = jar(
                "multi.jar",
                Map.of(
                        "p/A.class", "base",
                        "META-INF/versions/11/p/A.class", "eleven",
                        "META-INF/versions/17/p/A.class", "seventeen",
                        "META-INF/versions/17/p/New.class", "only seventeen",
                        "META-INF/versions/21/p/A.class", "twenty-one",
                        "p/a.txt", "base text",
                        "META-INF/versions/17/p/a.txt", "text of seventeen"));
        try (URLClassLoader loader = loader(jar)) {
            ClassFinder usual = new ClassFinder();
            usual.add(loader);
            // Its floor lies below every Java that runs this test, so that the loader always offers too new an entry.
            ClassFinder old = new ClassFinder(11);
            old.add(loader);

            assertEquals("seventeen", text(usual.findClass("p/A.class", RULES).orElseThrow()));
            assertEquals(
                    "text of seventeen",
                    text(usual.findResources("p/a.txt", RULES).get(0)));
            assertEquals("eleven", text(old.findClass("p/A.class", RULES).orElseThrow()));
            assertEquals(
                    "multi.jar", old.findClass("p/A.class", RULES).orElseThrow().origin());
            assertEquals("base text", text(old.findResources("p/a.txt", RULES).get(0)));
            assertTrue(old.findClass("p/New.class", RULES).isEmpty());
        }
    }

    @Test
    void shouldServeOfAMultiReleaseJarWhatANewerJavaSees() throws Exception {
        Path jar = jar(
                "multi.jar",
                Map.of(
                        "p/A.class", "base",
                        "META-INF/versions/21/p/A.class", "twenty-one",
                        "META-INF/versions/90/p/A.class", "ninety",
                        "META-INF/versions/90/p/New.class", "only ninety",
                        "p/a.txt", "base text",
                        "META-INF/versions/90/p/a.txt", "text of ninety"));
        try (URLClassLoader loader = loader(jar)) {
            ClassFinder finder = new ClassFinder();
            finder.add(loader);
            ClassFinder some = finder.as(new Asker(89, 0));
            ClassFinder newest = finder.as(new Asker(91, 0));

            assertEquals("twenty-one", text(some.findClass("p/A.class", RULES).orElseThrow()));
            assertTrue(some.findClass("p/New.class", RULES).isEmpty());
            assertEquals("ninety", text(newest.findClass("p/A.class", RULES).orElseThrow()));
            assertEquals(
                    "only ninety", text(newest.findClass("p/New.class", RULES).orElseThrow()));
            assertEquals(
                    List.of("text of ninety"),
                    newest.findResources("p/a.txt", RULES).stream()
                            .map(ClassFinderTest::text)
                            .toList());
        }
    }

    @Test
    void shouldServeOfAFolderInAMultiReleaseJarWhatTheJavaOfTheContextSees() throws Exception {
        Path war = jar(
                "program.war",
                Map.of(
                        "WEB-INF/classes/p/A.class", "base",
                        "WEB-INF/classes/META-INF/versions/17/p/A.class", "seventeen",
                        "WEB-INF/classes/META-INF/versions/21/p/A.class", "twenty-one"));
        URL classes = new URL("jar:" + war.toUri() + "!/WEB-INF/classes/");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
            ClassFinder finder = new ClassFinder();
            finder.add(loader);

            assertEquals("seventeen", text(finder.findClass("p/A.class", RULES).orElseThrow()));
            assertEquals(
                    "twenty-one",
                    text(finder.as(new Asker(25, 0))
                            .findClass("p/A.class", RULES)
                            .orElseThrow()));
        }
    }

    @Test
    void shouldFindEveryCopyOfAResourceOnceInSearchOrder() throws Exception {
        Path first = jar("first.jar", Map.of("META-INF/x.txt", "one"));
        Path second = Files.createDirectories(folder.resolve("a dir/META-INF")).getParent();
        Files.writeString(second.resolve("META-INF/x.txt"), "two");
        try (URLClassLoader parent = loader(first);
                URLClassLoader child =
                        new URLClassLoader(new URL[] {second.toUri().toURL()}, parent)) {
            ClassFinder finder = new ClassFinder();
            finder.add(child);
            finder.add(parent);

            List<FoundFile> found = finder.findResources("META-INF/x.txt", RULES);

            assertEquals(
                    List.of("one", "two"),
                    found.stream().map(ClassFinderTest::text).toList());
            assertEquals("first.jar", found.get(0).origin());
            assertEquals(second.toUri().toURL().toString(), found.get(1).origin());
        }
    }

    @Test
    void shouldPreferTheLoaderThatWasAdded() throws Exception {
        String path = "io/mitogen/master/ClassFinder.class";
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {jar("own.jar", Map.of(path, "own")).toUri().toURL()}, null)) {
            ClassFinder finder = new ClassFinder();
            assertTrue(finder.findClass(path, RULES).orElseThrow().bytes().length > 1000);

            finder.add(loader);

            assertEquals("own", text(finder.findClass(path, RULES).orElseThrow()));
        }
    }

    @Test
    void shouldSearchTheContextLoaderOfTheThreadThatMadeIt() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = loader(jar("context.jar", Map.of("p/Only.class", "context")))) {
            Thread.currentThread().setContextClassLoader(loader);
            ClassFinder finder = new ClassFinder();
            Thread.currentThread().setContextClassLoader(before);

            assertEquals("context", text(finder.findClass("p/Only.class", RULES).orElseThrow()));
        }
    }

    @Test
    void shouldNeverFindWhatIsTheJdks() throws Exception {
        ClassFinder finder = new ClassFinder();
        assertTrue(finder.findClass("java/lang/String.class", RULES).isEmpty());
        assertTrue(finder.findClass("com/sun/tools/javac/Main.class", RULES).isEmpty());
        assertEquals(List.of(), finder.findResources("java/lang/String.class", RULES));
    }

    @Test
    void shouldLeaveNoJarOpenThatCannotBeRead() throws Exception {
        Path jar = folder.resolve("broken.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("p/A.class"));
            out.write(new byte[100]);
        }
        byte[] bytes = Files.readAllBytes(jar);
        int at = new String(bytes, ISO_8859_1).indexOf("p/A.class") + "p/A.class".length();
        Arrays.fill(bytes, at, at + 8, (byte) -1); // what was deflated, and the extra field before it
        Files.write(jar, bytes);
        ClassFinder finder = new ClassFinder();
        try (URLClassLoader loader = loader(jar)) {
            finder.add(loader);
            assertThrows(IOException.class, () -> finder.findClass("p/A.class", RULES));
        }

        assertFalse(isOpen(jar), "its descriptor");
    }

    @Test
    void shouldDoWithoutALoaderOfAnotherProgramThatHasEnded() throws Exception {
        Ended ended = new Ended();
        ClassFinder finder = new ClassFinder();
        finder.called().of(ended.program());
        try (URLClassLoader loader = loader(jar("next.jar", Map.of("p/A.class", "next", "p/a.txt", "text")))) {
            finder.add(loader);
            ended.hasEnded = true;

            assertTrue(finder.findClass("p/None.class", RULES).isEmpty());
            assertEquals("text", text(finder.findResources("p/a.txt", RULES).get(0)));
            assertFalse(finder.hasResource("p/none.txt"));
            assertEquals(List.of(), finder.findResources("META-INF/services/p.None", RULES));
            finder.called().of(new Ended().program());
            assertTrue(
                    finder.as(new Asker(17, 2)).findClass("p/None.class", RULES).isEmpty());
        }
    }

    /** As the loader of a web application, which refuses everything when that is stopped. */
    private static final class Ended extends ClassLoader {
        private boolean hasEnded;

        Ended() {
            super(null);
        }

        Class<?> program() throws IOException {
            try (InputStream in = ClassFinderTest.class.getResourceAsStream("ClassFinderTest$Called.class")) {
                byte[] image = in.readAllBytes();
                return defineClass(null, image, 0, image.length);
            }
        }

        @Override
        public URL getResource(String name) {
            check();
            return ClassFinderTest.class.getClassLoader().getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) {
            check();
            return Collections.emptyEnumeration();
        }

        private void check() {
            if (hasEnded) {
                throw new IllegalStateException("this application has been stopped");
            }
        }
    }

    private static final class Called {}

    private static boolean isOpen(Path file) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : descriptors) {
                if (each.toFile().getCanonicalFile().toPath().equals(file.toRealPath())) {
                    return true;
                }
            }
        }
        return false;
    }

    private Path jar(String name, Map<String, String> entries) throws IOException {
        Path jar = folder.resolve(name);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Multi-Release"), "true");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(UTF_8));
            }
        }
        return jar;
    }

    private static URLClassLoader loader(Path place) throws IOException {
        return new URLClassLoader(new URL[] {place.toUri().toURL()});
    }

    private static String text(FoundFile file) {
        return new String(file.bytes(), UTF_8);
    }
}
