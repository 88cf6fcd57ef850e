// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.TestCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A jar with a chain of classes {@code chain.C0}, {@code chain.C1} and so on, each of which names the next, and as many that
 * nothing names, {@code loose.L10}, {@code loose.L11} and so on. Made once. Any thread.
 */
final class LooseProgram {
    static final int COUNT = 30;

    private static final URLClassLoader LOADER = make();

    private LooseProgram() {}

    static ClassFinder finder() {
        ClassFinder finder = new ClassFinder();
        finder.add(LOADER);
        return finder;
    }

    static String chain(int index) {
        return "chain/C" + index + ".class";
    }

    static String loose(int index) {
        return "loose/L" + (10 + index) + ".class";
    }

    private static URLClassLoader make() {
        try {
            Path folder = Files.createTempDirectory("loose");
            for (int i = 0; i < COUNT; i++) {
                String next = i + 1 < COUNT ? "C" + (i + 1) + " next;" : "";
                TestCompiler.write(
                        folder.resolve("src"),
                        "chain/C" + i + ".java",
                        "package chain; class C" + i + " {" + next + "}");
                String name = "L" + (10 + i);
                TestCompiler.write(
                        folder.resolve("src"), "loose/" + name + ".java", "package loose; class " + name + " {}");
            }
            TestCompiler.compile(folder.resolve("src"), folder.resolve("classes"));
            Path jar = folder.resolve("loose.jar");
            pack(folder.resolve("classes"), jar);
            URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return loader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
