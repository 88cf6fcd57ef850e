// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** A folder with Python modules. Looks at the disk every time, so what is written later is found. Any thread; reads files. */
final class FolderRoot implements ModuleRoot {
    /** How far a folder without {@code __init__.py} is searched for modules: links may lead round in circles. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_ENTRIES = 10_000;

    private final Path folder;

    FolderRoot(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public boolean hasSource(String path) {
        Path file = at(path);
        return file != null && Files.isRegularFile(file);
    }

    @Override
    public boolean hasSourceBelow(String path) {
        Path start = at(path);
        return start != null && new Search().finds(start, MAX_DEPTH);
    }

    @Override
    public void addModules(String path, Set<String> names) {
        Path start = at(path);
        if (start == null) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(start)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String module = ModuleRoot.moduleOf(name);
                if (module != null && Files.isRegularFile(entry)) {
                    names.add(module);
                } else if (ModuleRoot.isIdentifier(name) && new Search().finds(entry, MAX_DEPTH)) {
                    names.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException expected) {
            // a folder that cannot be listed has no modules for us; Python's own import sees it the same way
        }
    }

    @Override
    public @Nullable byte[] read(String path) throws IOException {
        Path file = at(path);
        if (file == null || !Files.isRegularFile(file)) {
            return null;
        }
        long size = Files.size(file);
        if (size > MAX_FILE_BYTES) {
            throw new IOException(
                    file + " has " + size + " bytes, more than the " + MAX_FILE_BYTES + " that are served");
        }
        return Files.readAllBytes(file);
    }

    @Override
    public String show(String path) {
        return path.isEmpty() ? folder.toString() : folder + "/" + path;
    }

    /** Returns the place of {@code path}; null when this system cannot have a file of that name. */
    private @Nullable Path at(String path) {
        try {
            return folder.resolve(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    /** A search for one file of source, that ends however the links run and however much there is. */
    private static final class Search {
        private int seen;

        boolean finds(Path start, int depth) {
            if (depth == 0 || !Files.isDirectory(start)) {
                return false;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(start)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (++seen > MAX_ENTRIES) {
                        return false;
                    }
                    if (name.endsWith(SUFFIX) ? isSource(entry, name) : finds(entry, depth - 1, name)) {
                        return true;
                    }
                }
                return false;
            } catch (IOException | DirectoryIteratorException e) {
                return false;
            }
        }

        private static boolean isSource(Path entry, String name) {
            return (name.equals(INIT) || ModuleRoot.moduleOf(name) != null) && Files.isRegularFile(entry);
        }

        private boolean finds(Path entry, int depth, String name) {
            return ModuleRoot.isIdentifier(name) && finds(entry, depth);
        }
    }
}
