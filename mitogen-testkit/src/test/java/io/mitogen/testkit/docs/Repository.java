// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tree that this test is a part of: its pages, its sources, its examples. */
final class Repository {
    static final Path ROOT = root();

    private Repository() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("docs/protocol.md"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "no docs/protocol.md above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    /** Returns README, change log and everything under docs. */
    static List<Page> pages() throws IOException {
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        files.addAll(filesBelow(ROOT.resolve("docs"), ".md"));
        List<Page> pages = new ArrayList<>();
        for (Path file : files) {
            pages.add(new Page(ROOT.relativize(file).toString(), Files.readString(file)));
        }
        return pages;
    }

    /** Returns all Java sources of the modules, without what builds made. */
    static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().collect(Collectors.toList())) {
                if (Files.isDirectory(module.resolve("src"))) {
                    sources.addAll(filesBelow(module.resolve("src"), ".java"));
                }
            }
        }
        return sources;
    }

    private static List<Path> filesBelow(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted(Comparator.naturalOrder())
                    .collect(Collectors.toList());
        }
    }

    /** Returns the class path of a program that uses the library: the places of its modules. */
    static String libraryClassPath() {
        return place(io.mitogen.core.MitogenException.class) + ":" + place(io.mitogen.master.Mitogen.class) + ":"
                + place(io.mitogen.ssh.Ssh.class);
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the program {@code java} of the JDK that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
