// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads class files of this library from wherever it was loaded: a folder, a jar, also one shared with a program, a module. */
final class OwnClasses {
    private OwnClasses() {}

    /** Returns the files beside {@code anchor}, in its jar, folder or module, whose names {@code wanted} accepts, by name. */
    static Map<String, byte[]> read(Class<?> anchor, Predicate<String> wanted) throws IOException {
        Module module = anchor.getModule();
        if (module.isNamed()) {
            Optional<ModuleReference> reference = module.getLayer()
                    .configuration()
                    .findModule(module.getName())
                    .map(found -> found.reference());
            if (reference.isPresent()) {
                return readModule(reference.get(), wanted);
            }
        }
        try {
            Path path = Path.of(
                    anchor.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(path)) {
                return readTree(path, wanted);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return readTree(jar.getPath("/"), wanted);
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Map<String, byte[]> readModule(ModuleReference reference, Predicate<String> wanted)
            throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ModuleReader reader = reference.open()) {
            List<String> names = reader.list().filter(wanted).collect(Collectors.toList());
            for (String name : names) {
                try (InputStream in = reader.open(name).orElseThrow()) {
                    files.put(name, in.readAllBytes());
                }
            }
        }
        return files;
    }

    private static Map<String, byte[]> readTree(Path root, Predicate<String> wanted) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root.resolve("io/mitogen"))) {
            for (Path path : paths.collect(Collectors.toList())) {
                String name = root.relativize(path)
                        .toString()
                        .replace(path.getFileSystem().getSeparator(), "/");
                if (wanted.test(name)) {
                    files.put(name, Files.readAllBytes(path));
                }
            }
        }
        return files;
    }
}
