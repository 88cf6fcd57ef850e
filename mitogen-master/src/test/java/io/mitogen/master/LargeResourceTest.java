// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LargeResourceTest {
    private static final String PATH = "q/big.bin";
    private static final long LARGE = 90L << 20;
    private static final int SMALL_MESSAGE = 64 * 1024;

    @TempDir
    Path folder;

    private URLClassLoader program;

    @BeforeEach
    void openProgram() throws Exception {
        Files.createDirectories(folder.resolve("classes/q"));
        program = new URLClassLoader(
                new URL[] {
                    folder.resolve("classes/").toUri().toURL(),
                    folder.resolve("big.jar").toUri().toURL()
                },
                null);
    }

    @AfterEach
    void closeProgram() throws Exception {
        program.close();
    }

    @Test
    void shouldReadAResourceLargerThanAnyImageFromAFolder() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("classes").resolve(PATH).toFile(), "rw")) {
            file.setLength(LARGE);
            file.seek(LARGE - 1);
            file.write('x');
        }

        assertLarge(child(Integer.MAX_VALUE));
    }

    @Test
    void shouldReadAResourceLargerThanAnyImageFromAJar() throws Exception {
        try (OutputStream file = Files.newOutputStream(folder.resolve("big.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(new JarEntry(PATH));
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < LARGE >> 20; i++) {
                block[block.length - 1] = (byte) (i == (LARGE >> 20) - 1 ? 'x' : 0);
                jar.write(block);
            }
        }

        assertLarge(child(Integer.MAX_VALUE));
    }

    @Test
    void shouldReadEveryCopyOfAResourceLargerThanTheLargestMessage() throws Exception {
        byte[] first = random(3 * SMALL_MESSAGE);
        byte[] second = random(10);
        Files.write(folder.resolve("classes").resolve(PATH), first);
        try (OutputStream file = Files.newOutputStream(folder.resolve("big.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(new JarEntry(PATH));
            jar.write(second);
        }
        LinkedChild child = child(SMALL_MESSAGE);

        List<URL> urls = Collections.list(child.loader.getResources(PATH));

        assertEquals(2, urls.size());
        assertArrayEquals(first, urls.get(0).openStream().readAllBytes());
        assertArrayEquals(second, urls.get(1).openStream().readAllBytes());
        assertEquals(-1, urls.get(0).openConnection().getContentLengthLong(), "unknown beforehand");
    }

    @Test
    void shouldTellWhoReadsWhyAResourceCannotBeRead() {
        ClassFinder finder = new ClassFinder();
        finder.add(new ClassLoader(null) {
            @Override
            public java.util.Enumeration<URL> getResources(String name) throws IOException {
                if (name.equals(PATH)) {
                    throw new IOException("disk on fire");
                }
                return super.getResources(name);
            }
        });
        ClassResponder responder = new ClassResponder(finder, ImportPolicy.ALLOW_ALL);
        LinkedChild child = new LinkedChild(responder::serve);

        InputStream in = child.loader.getResourceAsStream(PATH);

        assertNotNull(in, "what is there must not seem to be missing");
        IOException e = assertThrows(IOException.class, in::read);
        assertTrue(e.getMessage().contains(PATH) && e.getMessage().contains("disk on fire"), e.getMessage());
        assertTrue(responder.keptBecause(PATH).orElseThrow().text().contains("disk on fire"));
    }

    /** Has one resource, which cannot be deflated, under a URL of its own. */
    private static class Noise extends ClassLoader {
        private final long length;
        final AtomicLong bytesRead = new AtomicLong();
        final AtomicInteger open = new AtomicInteger();

        Noise(long length) {
            super(null);
            this.length = length;
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            if (!name.equals(PATH)) {
                return Collections.emptyEnumeration();
            }
            return Collections.enumeration(List.of(new URL(null, "noise:/" + name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public InputStream getInputStream() {
                            return stream();
                        }
                    };
                }
            })));
        }

        InputStream stream() {
            open.incrementAndGet();
            return new InputStream() {
                private final Random noise = new Random(1);
                private long left = length;

                @Override
                public int read() {
                    bytesRead.incrementAndGet();
                    return left-- > 0 ? noise.nextInt(256) : -1;
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }

    @Test
    void shouldReadALargeFileOnceHoweverManyPartsItHas() throws Exception {
        long length = 20L * SMALL_MESSAGE;
        Noise noise = new Noise(length);
        LinkedChild child = child(SMALL_MESSAGE, noise);

        try (InputStream in = child.loader.getResourceAsStream(PATH)) {
            assertEquals(length, in.transferTo(OutputStream.nullOutputStream()));
        }

        assertTrue(noise.bytesRead.get() <= 3 * length, noise.bytesRead + " bytes were read of " + length);
        assertEquals(0, noise.open.get());
    }

    @Test
    void shouldReadNoMoreOfManyLargeCopiesThanOfOne() throws Exception {
        ClassFinder finder = new ClassFinder();
        FolderRules rules = new FolderRules(ImportPolicy.ALLOW_ALL, path -> true);
        for (int i = 0; i < 5; i++) {
            Path place = Files.createDirectories(folder.resolve("copy" + i));
            try (OutputStream file = Files.newOutputStream(place.resolve("big.jar"));
                    JarOutputStream jar = new JarOutputStream(file)) {
                jar.putNextEntry(new JarEntry(PATH));
                jar.write(new byte[1000]);
            }
            finder.add(new URLClassLoader(
                    new URL[] {place.resolve("big.jar").toUri().toURL()}, null));
        }

        List<FoundFile> copies = finder.findResources(PATH, rules.reading(new Extent(0, 2500, false, Extent.EVERY)));

        assertEquals(
                List.of(1000, 1000, 500, 0, 0),
                copies.stream().map(each -> each.bytes().length).toList());
        copies = finder.findResources(PATH, rules.reading(new Extent(900, 2500, false, 3)));
        assertEquals(
                List.of(0, 0, 0, 100, 0),
                copies.stream().map(each -> each.bytes().length).toList());
    }

    @Test
    void shouldTellWhoReadsWhyTheUrlOfALoaderCannotBeRead() {
        for (RuntimeException reason :
                List.of(new SecurityException("digest error"), new IllegalStateException("stopped"))) {
            Noise broken = new Noise(10) {
                @Override
                InputStream stream() {
                    throw reason;
                }
            };
            InputStream in = child(SMALL_MESSAGE, broken).loader.getResourceAsStream(PATH);

            assertNotNull(in, "what is there must not seem to be missing");
            IOException e = assertThrows(IOException.class, in::read);
            assertTrue(e.getMessage().contains(reason.toString()), e.getMessage());
        }
    }

    @Test
    void shouldReadAJarWhoseManifestIsBroken() throws Exception {
        try (OutputStream file = Files.newOutputStream(folder.resolve("big.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            jar.write("no manifest\n\n: at all\n".getBytes());
            jar.putNextEntry(new JarEntry(PATH));
            jar.write(7);
        }

        assertArrayEquals(
                new byte[] {7},
                child(SMALL_MESSAGE).loader.getResourceAsStream(PATH).readAllBytes());
    }

    @Test
    void shouldNotServePartsOfWhatTheRulesDeny() throws Exception {
        Files.write(folder.resolve("classes").resolve(PATH), random(10));
        ClassResponder responder =
                new ClassResponder(finder(), new ImportPolicy(List.of("q"), List.of()), SMALL_MESSAGE);

        responder.serve("META-INF/mitogen.part/0/0/" + PATH, "stream", image -> {
            assertTrue(image.isMissing());
            assertTrue(image.reason().contains("denies"), image.reason());
        });
    }

    private static void assertLarge(LinkedChild child) throws IOException {
        long length = 0;
        int last = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = child.loader.getResourceAsStream(PATH)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                length += count;
                last = buffer[count - 1];
            }
        }
        assertEquals(LARGE, length);
        assertEquals('x', last);
    }

    private ClassFinder finder(ClassLoader... others) {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        List.of(others).forEach(finder::add);
        return finder;
    }

    /** Returns a context that gets messages of at most {@code maxBytes}. */
    private LinkedChild child(int maxBytes, ClassLoader... others) {
        ClassResponder responder = new ClassResponder(finder(others), ImportPolicy.ALLOW_ALL, maxBytes);
        return new LinkedChild((path, stream, out) -> {
            ImageListener limited = image -> {
                byte[] body = ProgramClasses.bodyOf(image, maxBytes);
                assertTrue(body.length <= maxBytes, image.path());
                out.onImage(ClassImage.decode(body));
            };
            responder.serve(path, stream, limited);
        });
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
