// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip or jar file with Python modules. It is read through once, when it is first asked, for the names of its source
 * files; after that it is open only while one of them is read. Any thread; reads files.
 */
final class ArchiveRoot implements ModuleRoot {
    private static final String FOLDER = "/";

    private final Path file;
    private final Consumer<String> warnings;

    /** For each folder that has source in or below it, its source files, and such folders with a slash. Guarded by this. */
    private @Nullable Map<String, Set<String>> index;

    /** @param warnings told once when the file cannot be read as an archive; it has no modules then */
    ArchiveRoot(Path file, Consumer<String> warnings) {
        this.file = file.toAbsolutePath().normalize();
        this.warnings = warnings;
    }

    @Override
    public boolean hasSource(String path) {
        int slash = path.lastIndexOf('/');
        return entries(slash < 0 ? "" : path.substring(0, slash)).contains(path.substring(slash + 1));
    }

    @Override
    public boolean hasSourceBelow(String path) {
        return !entries(path).isEmpty();
    }

    @Override
    public void addModules(String path, Set<String> names) {
        for (String entry : entries(path)) {
            String module = entry.endsWith(FOLDER)
                    ? entry.substring(0, entry.length() - FOLDER.length())
                    : ModuleRoot.moduleOf(entry);
            if (module != null) {
                names.add(module);
            }
        }
    }

    @Override
    public @Nullable byte[] read(String path) throws IOException {
        try (ZipFile archive = new ZipFile(file.toFile())) {
            ZipEntry entry = archive.getEntry(path);
            if (entry == null || entry.isDirectory()) {
                return null;
            }
            try (InputStream in = archive.getInputStream(entry)) {
                byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
                if (content.length > MAX_FILE_BYTES) {
                    throw new IOException(
                            show(path) + " has more than the " + MAX_FILE_BYTES + " bytes that are served");
                }
                return content;
            }
        }
    }

    @Override
    public String show(String path) {
        return path.isEmpty() ? file.toString() : file + "/" + path;
    }

    private synchronized Set<String> entries(String folder) {
        if (index == null) {
            index = readIndex();
        }
        return index.getOrDefault(folder, Set.of());
    }

    private Map<String, Set<String>> readIndex() {
        Map<String, Set<String>> folders = new HashMap<>();
        if (!Files.isRegularFile(file)) {
            return folders; // a class path may name what is not there
        }
        try (ZipFile archive = new ZipFile(file.toFile())) {
            for (Iterator<? extends ZipEntry> each = archive.entries().asIterator(); each.hasNext(); ) {
                String name = each.next().getName();
                if (name.endsWith(SUFFIX)) {
                    add(folders, name);
                }
            }
        } catch (IOException e) {
            warnings.accept("no Python modules are served from " + file + ", which cannot be read as an archive: " + e);
        }
        return folders;
    }

    private static void add(Map<String, Set<String>> folders, String path) {
        String[] names = path.split("/");
        String last = names[names.length - 1];
        if (!last.equals(INIT) && ModuleRoot.moduleOf(last) == null) {
            return;
        }
        for (int i = 0; i < names.length - 1; i++) {
            if (!ModuleRoot.isIdentifier(names[i])) {
                return;
            }
        }
        String folder = "";
        for (int i = 0; i < names.length; i++) {
            boolean isLast = i == names.length - 1;
            folders.computeIfAbsent(folder, ignored -> new TreeSet<>()).add(isLast ? last : names[i] + FOLDER);
            folder = ModuleRoot.join(folder, names[i]);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
