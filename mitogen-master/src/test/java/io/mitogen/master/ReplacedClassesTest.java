// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.TestCompiler;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that their loader replaces by others of the same name, as jshell does when a method is declared again. */
class ReplacedClassesTest {
    private static final String CALLS = "r/Calls.class";
    private static final String DEP = "r/Dep.class";

    @TempDir
    Path folder;

    private final MemoryLoader loader = new MemoryLoader();
    private ClassResponder responder;

    @BeforeEach
    void compile() throws Exception {
        ClassFinder finder = new ClassFinder();
        finder.add(loader);
        responder = new ClassResponder(finder, ImportPolicy.ALLOW_ALL);
        declare("old");
    }

    @Test
    void shouldSendWhatTheLoaderHasNowWhenItHasReplacedAClass() throws Exception {
        byte[] old = loader.files.get(DEP);
        assertArrayEquals(old, sent(DEP, "first"));
        declare("new and longer");

        assertArrayEquals(loader.files.get(DEP), sent(DEP, "second"));
    }

    @Test
    void shouldSendTheReplacedClassAlongWithWhatNamesIt() throws Exception {
        sent(CALLS, "first");
        declare("NEW"); // as long as the one before, and in the same second

        List<ClassImage> images = serve(CALLS, "second");

        assertEquals(List.of(DEP, CALLS), images.stream().map(ClassImage::path).toList());
        assertArrayEquals(loader.files.get(DEP), images.get(0).content());
    }

    private void declare(String name) throws Exception {
        Path sources = folder.resolve("src");
        Path classes = folder.resolve("classes");
        TestCompiler.write(
                sources, "r/Calls.java", "package r; class Calls { static String call() { return Dep.name(); } }");
        TestCompiler.write(
                sources, "r/Dep.java", "package r; class Dep { static String name() { return \"" + name + "\"; } }");
        TestCompiler.compile(sources, classes);
        for (String path : List.of(CALLS, DEP)) {
            loader.files.put(path, Files.readAllBytes(classes.resolve(path)));
        }
    }

    private byte[] sent(String path, String stream) {
        List<ClassImage> images = serve(path, stream);
        return images.get(images.size() - 1).content();
    }

    private List<ClassImage> serve(String path, String stream) {
        List<ClassImage> images = new ArrayList<>();
        responder.serve(path, stream, images::add);
        assertFalse(images.get(images.size() - 1).isMissing(), path);
        return images;
    }

    /** Has its classes in memory, under URLs of its own. */
    private static final class MemoryLoader extends ClassLoader {
        final Map<String, byte[]> files = new ConcurrentHashMap<>();

        @Override
        protected URL findResource(String path) {
            byte[] file = files.get(path);
            try {
                return file == null
                        ? null
                        : new URL(null, "memory:/" + path, new URLStreamHandler() {
                            @Override
                            protected URLConnection openConnection(URL url) {
                                return new MemoryConnection(url, file);
                            }
                        });
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class MemoryConnection extends URLConnection {
        private final byte[] file;

        MemoryConnection(URL url, byte[] file) {
            super(url);
            this.file = file;
        }

        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(file);
        }
    }
}
