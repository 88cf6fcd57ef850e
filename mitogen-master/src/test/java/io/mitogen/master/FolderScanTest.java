// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs do that look for classes: Spring's resolver of path patterns, Flyway, Reflections. */
class FolderScanTest {
    @TempDir
    Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader program;

    @BeforeEach
    void write() throws Exception {
        Path classes = folder.resolve("classes");
        for (String path : List.of(
                "shop/App.class",
                "shop/web/Cart.class",
                "shop/web/a b+#\u00fc.txt",
                "shop/.hidden",
                "shop/secret/Key.class")) {
            TestCompiler.write(classes, path, "file " + path);
        }
        Path jar = folder.resolve("lib.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String path : List.of("shop/", "shop/lib/", "shop/lib/Tax.class", "shop/App.class")) {
                out.putNextEntry(new JarEntry(path));
                if (!path.endsWith("/")) {
                    out.write(("jar " + path).getBytes(UTF_8));
                }
            }
        }
        program = new URLClassLoader(
                new URL[] {classes.toUri().toURL(), jar.toUri().toURL()}, null);
    }

    @AfterEach
    void close() throws Exception {
        Thread.currentThread().setContextClassLoader(before);
        program.close();
    }

    @Test
    void shouldLetSpringFindTheClassesBelowAPackageInFoldersAndJars() throws Exception {
        Set<String> expected = Set.of(
                "file shop/App.class",
                "file shop/web/Cart.class",
                "jar shop/lib/Tax.class",
                "file shop/secret/Key.class");

        assertEquals(expected, scanAsSpring(child(ImportPolicy.ALLOW_ALL).loader, "shop/", false));
        assertEquals(expected, scanAsSpring(child(ImportPolicy.ALLOW_ALL).loader, "shop/", true));
    }

    @Test
    void shouldListOnlyWhatTheRulesAllow() throws Exception {
        ImportPolicy noSecret = new ImportPolicy(List.of("shop.secret"), List.of());
        ImportPolicy web = new ImportPolicy(List.of(), List.of("shop.web"));

        assertEquals(
                Set.of("file shop/App.class", "file shop/web/Cart.class", "jar shop/lib/Tax.class"),
                scanAsSpring(child(noSecret).loader, "shop/", false));
        assertEquals(Set.of("file shop/web/Cart.class"), scanAsSpring(child(web).loader, "shop/", false));
        assertNull(child(noSecret).loader.getResource("shop/secret/"));
    }

    @Test
    void shouldGiveAFolderTheFormOfAJar() throws Exception {
        for (String name : List.of("shop/", "shop", "shop/web/", "shop/web")) {
            URL url = child(ImportPolicy.ALLOW_ALL).loader.getResource(name);
            JarURLConnection connection = (JarURLConnection) url.openConnection();
            assertEquals(name, connection.getEntryName());
            assertTrue(connection.getJarEntry().isDirectory(), name);
            try (JarFile jar = connection.getJarFile()) {
                JarEntry cart = jar.getJarEntry("shop/web/Cart.class");
                assertEquals("file shop/web/Cart.class", read(jar.getInputStream(cart)));
                JarEntry odd = jar.getJarEntry("shop/web/a b+#\u00fc.txt");
                assertEquals("file shop/web/a b+#\u00fc.txt", read(jar.getInputStream(odd)));
                assertNull(jar.getEntry("shop/web/None.class"));
                assertNull(jar.getManifest());
                assertEquals(jar.size(), Collections.list(jar.entries()).size());
            }
        }
        assertEquals(
                "App.class\nlib\nsecret\nweb\n",
                read(child(ImportPolicy.ALLOW_ALL).loader.getResource("shop/").openStream()));
    }

    @Test
    void shouldSayThatAFileIsNoFolder() throws Exception {
        assertNull(child(ImportPolicy.ALLOW_ALL).loader.getResource("shop/App.class/"));
        assertNull(child(ImportPolicy.ALLOW_ALL).loader.getResource("none/"));
        assertNull(child(ImportPolicy.ALLOW_ALL).loader.getResource(""));
    }

    @Test
    void shouldListAFolderWhoseListIsLargerThanAMessage() throws Exception {
        Random random = new Random(1);
        int files = 4000;
        for (int i = 0; i < files; i++) {
            TestCompiler.write(folder.resolve("classes"), "many/" + Long.toHexString(random.nextLong()) + i, "");
        }
        LinkedChild child = new LinkedChild((path, stream, out) -> responder(ImportPolicy.ALLOW_ALL, 16 * 1024)
                .serve(path, stream, image -> out.onImage(ClassImage.decode(ProgramClasses.bodyOf(image, 16 * 1024)))));

        JarURLConnection connection =
                (JarURLConnection) child.loader.getResource("many/").openConnection();
        try (JarFile jar = connection.getJarFile()) {
            assertEquals(files + 1, jar.size());
        }
        assertEquals(
                files,
                read(child.loader.getResource("many").openStream()).lines().count());
    }

    @Test
    void shouldNotFollowALinkBackForEver() throws Exception {
        Path web = folder.resolve("classes/shop/web");
        Files.createSymbolicLink(web.resolve("back"), folder.resolve("classes/shop"));

        assertEquals(
                Set.of("file shop/web/Cart.class"),
                scanAsSpring(child(ImportPolicy.ALLOW_ALL).loader, "shop/web/", false));
    }

    @Test
    void shouldSayWhatMendsAFolderThatCannotBeListed() throws Exception {
        URLStreamHandler memory = new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                    @Override
                    public void connect() {}

                    @Override
                    public InputStream getInputStream() {
                        return new ByteArrayInputStream(new byte[0]);
                    }
                };
            }
        };
        ClassFinder finder = new ClassFinder();
        finder.add(new ClassLoader(null) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return name.equals("bundle")
                        ? Collections.enumeration(List.of(new URL(null, "bundle://1/bundle", memory)))
                        : super.getResources(name);
            }
        });
        ClassResponder responder = new ClassResponder(finder, ImportPolicy.ALLOW_ALL);

        assertNull(new LinkedChild(responder::serve).loader.getResource("bundle/"));

        String text = responder.keptBecause("bundle/").orElseThrow().text();
        assertTrue(text.contains("protocol bundle") && text.contains("class path"), text);
    }

    /** Does what PathMatchingResourcePatternResolver does for "classpath*:shop/**" + "/*.class", and reads what it finds. */
    private static Set<String> scanAsSpring(ClassLoader loader, String rootFolder, boolean isByText)
            throws IOException {
        Thread.currentThread().setContextClassLoader(loader);
        Set<String> found = new TreeSet<>();
        for (URL root : Collections.list(loader.getResources(rootFolder))) {
            assertTrue(Set.of("jar", "war", "zip", "vfszip", "wsjar").contains(root.getProtocol()), root.toString());
            JarURLConnection connection = (JarURLConnection) root.openConnection();
            connection.setUseCaches(false);
            JarEntry rootEntry = connection.getJarEntry();
            String rootPath = rootEntry == null ? "" : rootEntry.getName();
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : Collections.list(jar.entries())) {
                    if (entry.getName().startsWith(rootPath) && entry.getName().endsWith(".class")) {
                        String relative = entry.getName().substring(rootPath.length());
                        URL url = isByText ? new URL(root + relative) : new URL(root, relative);
                        JarURLConnection file = (JarURLConnection) url.openConnection();
                        file.setUseCaches(false);
                        assertTrue(file.getContentLengthLong() > 0
                                && !file.getJarEntry().isDirectory());
                        found.add(read(file.getInputStream()));
                    }
                }
            }
        }
        return found;
    }

    private LinkedChild child(ImportPolicy policy) {
        return new LinkedChild(responder(policy, Integer.MAX_VALUE)::serve);
    }

    private ClassResponder responder(ImportPolicy policy, int maxMessageBytes) {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        return new ClassResponder(finder, policy, maxMessageBytes);
    }

    private static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
