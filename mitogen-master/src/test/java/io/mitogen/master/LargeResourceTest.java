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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private ClassFinder finder() {
        ClassFinder finder = new ClassFinder();
        finder.add(program);
        return finder;
    }

    /** Returns a context that gets messages of at most {@code maxBytes}. */
    private LinkedChild child(int maxBytes) {
        ClassResponder responder = new ClassResponder(finder(), ImportPolicy.ALLOW_ALL, maxBytes);
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
