// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import io.mitogen.core.load.TestCompiler;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.master.MasterRouter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A user's program, made of sources in a folder of the test's. One thread at a time. */
final class Program {
    private final Path folder;
    private final Path sources;

    Program(Path folder) {
        this.folder = folder;
        this.sources = folder.resolve("src");
    }

    /** Adds a source file. */
    Program source(String path, String text) {
        TestCompiler.write(sources, path, text);
        return this;
    }

    /** Adds a file to the folder of classes. */
    Program resource(String path, String text) {
        TestCompiler.write(classes(), path, text);
        return this;
    }

    /** Compiles the sources against the class path of this library, for the oldest Java that it runs on. */
    Program compile(String... options) {
        List<String> all = new ArrayList<>(List.of("-cp", library(), "--release", "17"));
        all.addAll(List.of(options));
        TestCompiler.compile(sources, classes(), all.toArray(new String[0]));
        return this;
    }

    Path classes() {
        return folder.resolve("classes");
    }

    /** Returns the class path that every program of ours has. */
    static String library() {
        return core() + File.pathSeparator + master();
    }

    static Path core() {
        return place(Tuple.class);
    }

    static Path master() {
        return place(MasterRouter.class);
    }

    /** Returns the folder or jar that {@code type} was loaded from. */
    static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies a folder, or what is in a jar. */
    static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            copyTree(from, to);
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(from)) {
            copyTree(jar.getPath("/"), to);
        }
    }

    /** Makes a jar of what is in a folder, but for a manifest there. */
    static Path jar(Path jar, Manifest manifest, Path content) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.walk(content)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                String name = content.relativize(each).toString().replace(File.separatorChar, '/');
                if (!name.equals(JarFile.MANIFEST_NAME)) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(each, out);
                }
            }
        }
        return jar;
    }

    /** Returns the manifest of a jar that says these things. */
    static Manifest manifest(Map<String, String> attributes) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        return manifest;
    }

    /** Copies all files below {@code from}. */
    static void copyTree(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
