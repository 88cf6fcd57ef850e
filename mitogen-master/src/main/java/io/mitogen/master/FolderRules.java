// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.served.ServedFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * What contexts may have of the files in the folders on the class path, and which names of a folder they see. Any thread; looks
 * at the disk.
 */
final class FolderRules {
    /*
     * A jar holds what somebody packed to be shipped. A folder holds what happens to be there, and of a folder that is a
     * working or home folder most was never meant for a class path. So of such a wide folder go only classes, META-INF, and
     * what lies in packages that have classes: a class says itself in which package it is, so a folder of another kind does
     * not become one by a class file that was dropped there. Other files go when an allow rule covers them; hidden ones, and
     * links that lead elsewhere, when one names them. What is no regular file never goes: reading it might not end.
     */
    /** Why something is kept. */
    enum Rule {
        HIDDEN,
        LINK,
        WIDE,
        SPECIAL,
        SPELLING
    }

    /** What was refused, and how it could be had. */
    record Refusal(Rule rule, String text) {}

    private static final int MAX_REMEMBERED = 1000;
    private static final int MAX_REMEMBERED_CHARS = 1000; // of a path; longer ones are not there, as far as is told
    private static final int MAX_CANDIDATES =
            16; // class files that are looked at to find out whether a folder is a package
    private static final String META = "META-INF";

    private final ImportPolicy policy;
    private final Predicate<String> isShippable;
    private final ConcurrentMap<String, Refusal> refusals = new ConcurrentHashMap<>();

    /** @param isShippable tells whether contexts may have what lies at a path, as far as its name tells */
    FolderRules(ImportPolicy policy, Predicate<String> isShippable) {
        this.policy = policy;
        this.isShippable = isShippable;
    }

    /** Returns why {@code path} was refused lately; null when it was not. */
    @Nullable
    Refusal refusal(String path) {
        return refusals.get(path);
    }

    /** Tells whether the name alone keeps {@code path} here; {@link #refusal} says why then. */
    boolean hides(String path) {
        int end = ServedFolder.hiddenEnd(path);
        if (end == 0 || policy.names(path, end)) {
            return false;
        }
        note(path, new Refusal(Rule.HIDDEN, "the master keeps hidden files, " + mend(path.substring(0, end))));
        return true;
    }

    /** Tells whether a listing may have the name of {@code path} in it. */
    boolean lists(String path, boolean isFolder) {
        int end = ServedFolder.hiddenEnd(path);
        return (isShippable.test(path) || isFolder && policy.leadsTo(path)) && (end == 0 || policy.names(path, end));
    }

    /**
     * Returns the file that {@code url}, found as {@code path}, leads to, or a listing if it is a folder; empty when there is
     * none that may go.
     */
    Optional<FoundFile> read(URL url, String path) throws IOException {
        Path place = place(url);
        Path parts = Path.of(path);
        if (place == null || !place.endsWith(parts)) {
            return Optional.empty(); // a loader's own idea of a file's URL
        }
        Path top = place;
        for (int i = 0; i < parts.getNameCount(); i++) {
            top = top.getParent();
        }
        ServedFolder root = ServedFolder.at(top);
        Refusal refusal = refusal(root, path);
        if (refusal != null) {
            note(path, refusal);
            return Optional.empty();
        }
        Path file = root.file(path);
        if (Files.isDirectory(file)) {
            return Optional.of(FoundFile.at(url, path, list(root, path).toBytes()));
        }
        if (!isShippable.test(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(FoundFile.at(url, path, in.readNBytes(ClassImage.CONTENT_LIMIT + 1)));
        }
    }

    private static @Nullable Path place(URL url) {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException | IllegalArgumentException e) { // not encoded as it should be
            try {
                return Path.of(url.getPath());
            } catch (InvalidPathException expected) {
                return null;
            }
        }
    }

    private Listing list(ServedFolder root, String folder) throws IOException {
        Listing listing = new Listing(this, folder);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.file(folder))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (refusal(root, folder + "/" + name) == null) {
                    listing.add(name, Files.isDirectory(entry));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return listing;
    }

    /** Returns why the file or folder is kept here, null when it is not. */
    private @Nullable Refusal refusal(ServedFolder root, String path) {
        Path file = root.file(path);
        boolean isFolder = Files.isDirectory(file);
        if (!isFolder && !Files.isRegularFile(file)) {
            return new Refusal(Rule.SPECIAL, "on the master it is no regular file, and nothing else is ever read");
        }
        String real = root.resolve(path);
        if (!path.equals(real) && !root.isSpelled(path)) {
            return new Refusal(Rule.SPELLING, "the master has a file of nearly the same name, spelled in another way");
        }
        if (real == null || !real.equals(path) && (hides(real) || !lists(real, isFolder))) {
            return policy.names(path, path.length())
                    ? null
                    : new Refusal(
                            Rule.LINK,
                            "on the master it is a link to what is not on the class path or kept, " + mend(path));
        }
        if (root.isWide() && !policy.names(path, 0) && !isOfPackage(root, real, isFolder)) {
            return new Refusal(
                    Rule.WIDE,
                    "of " + root
                            + ", a working or home folder, the master gives only what is in a package with classes, "
                            + mend(path));
        }
        return null;
    }

    private static String mend(String name) {
        return "unless an allow rule of its ImportPolicy covers it, as \"" + name + "\" does";
    }

    private static boolean isOfPackage(ServedFolder root, String path, boolean isFolder) {
        if ((path + "/").startsWith(META + "/")) {
            return true;
        }
        if (!isFolder && ClassImage.isClass(path)) {
            return isThatClass(root, path);
        }
        int end = isFolder ? path.length() : path.lastIndexOf('/');
        while (end > 0) {
            if (hasClasses(root, path.substring(0, end))) {
                return true;
            }
            end = path.lastIndexOf('/', end - 1);
        }
        return false;
    }

    private static boolean hasClasses(ServedFolder root, String folder) {
        int seen = 0;
        try (DirectoryStream<Path> classes = Files.newDirectoryStream(root.file(folder), "*.class")) {
            for (Path each : classes) {
                if (isThatClass(root, folder + "/" + each.getFileName())) {
                    return true;
                }
                if (++seen == MAX_CANDIDATES) {
                    return false;
                }
            }
        } catch (IOException | DirectoryIteratorException expected) {
            // what cannot be listed proves nothing
        }
        return false;
    }

    /** Tells whether the file is the class that belongs there. */
    private static boolean isThatClass(ServedFolder root, String path) {
        Path file = root.file(path);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return ConstantPool.of(in.readNBytes(ClassImage.CONTENT_LIMIT)).declares(path);
        } catch (IOException expected) { // whoever wants to have it will be told
            return false;
        }
    }

    private void note(String path, Refusal refusal) {
        if (refusals.size() >= MAX_REMEMBERED) {
            refusals.clear();
        }
        if (path.length() <= MAX_REMEMBERED_CHARS) {
            refusals.put(path, refusal);
        }
    }
}
