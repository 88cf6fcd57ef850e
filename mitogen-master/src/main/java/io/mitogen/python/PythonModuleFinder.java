// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds Python modules and the files beside them: on the search path, then on the program's class path, as Python's own import
 * would; {@code mitogen} and what is below it in one folder only, since a tree must have one version of it. It cannot find
 * anything else: names are identifiers joined by dots, so none leads out of these places. Any thread; reads files.
 */
public final class PythonModuleFinder {
    /*
     * The rules are Python's. In each folder of a search, a folder with __init__.py comes before a file of the same name, and
     * the first folder that has either wins. A folder that has neither, but source somewhere below it, is a part of a
     * namespace package (PEP 420): its parts are collected, and count only when no folder has the real thing. What lies
     * below a package is looked for in that package's own folder, or in all parts of a namespace package.
     */
    private static final String MITOGEN = "mitogen";
    private static final byte[] NOTHING = new byte[0];

    private final List<Folder> top;
    private final @Nullable ModuleRoot mitogen;

    /** A folder somewhere. */
    private record Folder(ModuleRoot root, String path) {
        String show() {
            return root.show(path);
        }
    }

    /**
     * What a name stands for.
     *
     * @param file the root with its source; null for a namespace package
     * @param path the source's path there
     * @param folders where modules below it are; empty when it is no package
     */
    private record Spot(@Nullable ModuleRoot file, String path, List<Folder> folders) {}

    /**
     * Makes a finder over the search path of {@code options} and the class path of this program.
     *
     * @param mitogen where {@code mitogen} is; null when it is not here: then it is not served
     * @param warnings told of archives that cannot be read
     */
    public static PythonModuleFinder of(
            PythonOptions options, @Nullable MitogenPackage mitogen, Consumer<String> warnings) {
        List<Path> places = new ArrayList<>();
        String classPath = System.getProperty("java.class.path", "");
        boolean isSearched =
                !classPath.isEmpty() || System.getProperty("jdk.module.main") == null; // empty is the working folder
        for (String entry : isSearched ? classPath.split(File.pathSeparator, -1) : new String[0]) {
            try {
                places.add(Path.of(entry));
            } catch (InvalidPathException e) {
                warnings.accept("no Python modules are served from \"" + entry + "\" on the class path: " + e);
            }
        }
        return new PythonModuleFinder(
                mitogen == null ? null : mitogen.folder(), options.searchPath(), places, warnings);
    }

    PythonModuleFinder(@Nullable Path mitogen, List<Path> places, Consumer<String> warnings) {
        this(mitogen, places, List.of(), warnings);
    }

    PythonModuleFinder(@Nullable Path mitogen, List<Path> searchPath, List<Path> classPath, Consumer<String> warnings) {
        this.mitogen = mitogen == null ? null : new FolderRoot(mitogen);
        List<Folder> folders = new ArrayList<>(List.of(new Folder(new OwnRoot(), "")));
        for (Path place : searchPath) {
            ModuleRoot root = Files.isDirectory(place) ? new FolderRoot(place) : new ArchiveRoot(place, warnings);
            folders.add(new Folder(root, ""));
        }
        for (Path place : classPath) {
            ModuleRoot root = Files.isDirectory(place)
                    ? FolderRoot.onClassPath(place, warnings)
                    : new ArchiveRoot(place, warnings);
            folders.add(new Folder(root, ""));
        }
        this.top = List.copyOf(folders);
    }

    /**
     * Returns the module {@code name}; empty when there is none, or the text is no name of a module.
     *
     * @throws IOException when it is there but cannot be read
     */
    Optional<FoundModule> find(String name) throws IOException {
        Spot spot = locate(name);
        if (spot == null) {
            return Optional.empty();
        }
        boolean isPackage = !spot.folders.isEmpty();
        Set<String> children = new TreeSet<>();
        for (Folder folder : spot.folders) {
            folder.root.addModules(folder.path, children);
        }
        List<String> sorted = List.copyOf(children);
        if (spot.file == null) {
            String path = spot.folders.get(0).show();
            return Optional.of(new FoundModule(name, true, sorted, path, NOTHING));
        }
        byte[] source = spot.file.read(spot.path);
        if (source == null) {
            return Optional.empty(); // deleted since it was located
        }
        return Optional.of(new FoundModule(name, isPackage, sorted, spot.file.show(spot.path), source));
    }

    /** Tells whether there is a module {@code name}. */
    boolean has(String name) {
        return locate(name) != null;
    }

    /**
     * Returns the file {@code fileName} in the folder of a package; empty when there is none, also when there is no such
     * package. The name must have no folders and no dot in front: hidden files are not served.
     *
     * @throws IOException when it is there but cannot be read
     */
    Optional<byte[]> findResource(String packageName, String fileName) throws IOException {
        Spot spot = isFileName(fileName) ? locate(packageName) : null;
        if (spot != null) {
            for (Folder folder : spot.folders) {
                byte[] content = folder.root.read(ModuleRoot.join(folder.path, fileName));
                if (content != null) {
                    return Optional.of(content);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFileName(String name) {
        return !name.isEmpty()
                && name.charAt(0) != '.'
                && name.indexOf('/') < 0
                && name.indexOf('\\') < 0
                && name.indexOf(File.separatorChar) < 0
                && name.indexOf('\0') < 0;
    }

    private @Nullable Spot locate(String name) {
        String[] parts = name.split("\\.", -1);
        for (String part : parts) {
            if (!ModuleRoot.isIdentifier(part)) {
                return null;
            }
        }
        Spot spot = parts[0].equals(MITOGEN) ? mitogenItself() : locateIn(top, parts[0]);
        for (int i = 1; i < parts.length && spot != null; i++) {
            spot = locateIn(spot.folders, parts[i]);
        }
        return spot;
    }

    private @Nullable Spot mitogenItself() {
        return mitogen == null ? null : new Spot(mitogen, ModuleRoot.INIT, List.of(new Folder(mitogen, "")));
    }

    private static @Nullable Spot locateIn(List<Folder> folders, String name) {
        List<Folder> parts = new ArrayList<>();
        for (Folder folder : folders) {
            String path = ModuleRoot.join(folder.path, name);
            String init = ModuleRoot.join(path, ModuleRoot.INIT);
            if (folder.root.hasSource(init)) {
                return new Spot(folder.root, init, List.of(new Folder(folder.root, path)));
            }
            if (folder.root.hasSource(path + ModuleRoot.SUFFIX)) {
                return new Spot(folder.root, path + ModuleRoot.SUFFIX, List.of());
            }
            if (folder.root.hasSourceBelow(path)) {
                parts.add(new Folder(folder.root, path));
            }
        }
        return parts.isEmpty() ? null : new Spot(null, "", parts);
    }
}
