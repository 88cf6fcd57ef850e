// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.served.ServedFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A folder with Python modules. Looks at the disk every time, so what is written later is found. Any thread; reads files.
 *
 * <p>A folder of the class path, in contrast to one of Python's own search path, serves no file outside of it that a link leads
 * to. In a working or home folder, only folders with {@code __init__.py} are packages: else any folder with a script would be one,
 * and contexts could request all files beside the script.
 */
final class FolderRoot implements ModuleRoot {
    /** How far a folder without {@code __init__.py} is searched for modules: links may lead round in circles. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_ENTRIES = 10_000;

    private final Path folder;
    private final @Nullable Consumer<String> warnings; // null for a folder of the search path
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Makes the root of a folder of Python's search path. */
    FolderRoot(Path folder) {
        this(folder, null);
    }

    private FolderRoot(Path folder, @Nullable Consumer<String> warnings) {
        this.folder = folder.toAbsolutePath().normalize();
        this.warnings = warnings;
    }

    /** Makes the root of a folder on the class path; {@code warnings} gets one line for the first file that was kept. */
    static FolderRoot onClassPath(Path folder, Consumer<String> warnings) {
        return new FolderRoot(folder, warnings);
    }

    @Override
    public boolean hasSource(String path) {
        Path file = at(path);
        return file != null && Files.isRegularFile(file);
    }

    @Override
    public boolean hasSourceBelow(String path) {
        Path start = at(path);
        return start != null && hasNamespaces() && new Search().finds(start, MAX_DEPTH);
    }

    @Override
    public void addModules(String path, Set<String> names) {
        Path start = at(path);
        if (start == null) {
            return;
        }
        boolean hasNamespaces = hasNamespaces();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(start)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String module = ModuleRoot.moduleOf(name);
                if (module != null && Files.isRegularFile(entry)) {
                    names.add(module);
                } else if (ModuleRoot.isIdentifier(name)
                        && (hasNamespaces || Files.isRegularFile(entry.resolve(INIT)))
                        && new Search().finds(entry, MAX_DEPTH)) {
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
        if (file == null || !Files.isRegularFile(file) || isKept(path)) {
            return null;
        }
        long size = Files.size(file);
        if (size > MAX_FILE_BYTES) {
            throw new IOException(
                    file + " has " + size + " bytes, more than the " + MAX_FILE_BYTES + " that are served");
        }
        try (InputStream in = Files.newInputStream(file)) { // special files have more bytes than their size
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw new IOException(file + " has more than the " + MAX_FILE_BYTES + " bytes that are served");
            }
            return content;
        }
    }

    private boolean hasNamespaces() {
        try {
            return warnings == null || !ServedFolder.at(folder).isWide();
        } catch (IOException e) { // there is none
            return false;
        }
    }

    private boolean isKept(String path) throws IOException {
        if (warnings == null) {
            return false;
        }
        ServedFolder root = ServedFolder.at(folder);
        String real = root.resolve(path);
        boolean isKept = real == null || ServedFolder.hiddenEnd(real) > 0 || root.isWide() && !real.equals(path);
        if (isKept && warned.compareAndSet(false, true)) {
            warnings.accept("Python contexts do not get " + show(path)
                    + ", a link to a file outside of the class path or a kept one;"
                    + " PythonOptions.withSearchPath gives them a folder with all links (said once for each folder)");
        }
        return isKept;
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
