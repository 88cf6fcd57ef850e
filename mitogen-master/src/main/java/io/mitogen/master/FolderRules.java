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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * Decides which files in folders on the class path contexts may have, and which names of a folder they see. Any thread; reads
 * the disk.
 */
final class FolderRules {
    /*
     * A jar holds files that were packed to be shipped. A folder may hold anything, and most files of a working or home folder
     * were never meant for a class path. So such a wide folder serves only classes, META-INF, and files in packages with classes.
     * A class declares its package, so a class file dropped into another folder does not make that a package. Other files are
     * served when an allow rule covers them; hidden files, and links that lead elsewhere, when a rule names them. Devices, pipes
     * and sockets are never served: a read might not end.
     */

    /** The reasons to keep a file. */
    enum Rule {
        HIDDEN,
        LINK,
        WIDE,
        SPECIAL,
        SPELLING,
        PROVIDER,
        UNLISTED,
        UNREADABLE
    }

    /** Why a file was kept, and the rule that would let it go. */
    record Refusal(Rule rule, String text) {}

    private static final int MAX_REMEMBERED = 1000;
    private static final int MAX_REMEMBERED_CHARS = 1000; // of a path; longer ones are reported as missing

    /** Class files that are read to find out whether a folder is a package. */
    private static final int MAX_CANDIDATES = 16;

    /** Folders that are looked at to find out whether one leads to a package. */
    private static final int MAX_FOLDERS = 1000;

    private static final String META = "META-INF";

    private final ImportPolicy policy;
    private final Predicate<String> isShippable;
    private final ConcurrentMap<String, Refusal> refusals;
    private final Extent extent;

    /** @param isShippable tells by its path whether contexts may have a file */
    FolderRules(ImportPolicy policy, Predicate<String> isShippable) {
        this(policy, isShippable, new ConcurrentHashMap<>(), Extent.WHOLE);
    }

    private FolderRules(
            ImportPolicy policy,
            Predicate<String> isShippable,
            ConcurrentMap<String, Refusal> refusals,
            Extent extent) {
        this.policy = policy;
        this.isShippable = isShippable;
        this.refusals = refusals;
        this.extent = extent;
    }

    /** Returns these rules for who reads {@code part} of what they let go. */
    FolderRules reading(Extent part) {
        return new FolderRules(policy, isShippable, refusals, part);
    }

    /** Returns how much is read of a file or folder. */
    Extent extent() {
        return extent;
    }

    /** Returns why a recent request for {@code path} was refused; null when none was. */
    @Nullable
    Refusal refusal(String path) {
        return refusals.get(path);
    }

    /** Tells whether {@code path} is refused for its name alone, and notes the {@link #refusal}. */
    boolean hides(String path) {
        int end = ServedFolder.hiddenEnd(path);
        if (end == 0 || policy.names(path, end)) {
            return false;
        }
        note(path, new Refusal(Rule.HIDDEN, "the master keeps hidden files, " + mend(path.substring(0, end))));
        return true;
    }

    /** Tells whether the file at {@code path} is read; never where only folders are wanted. */
    boolean letsGo(String path) {
        return !extent.isDeep() && lists(path, false);
    }

    /** Tells whether a listing may contain the name of {@code path}. */
    boolean lists(String path, boolean isFolder) {
        int end = ServedFolder.hiddenEnd(path);
        return (isShippable.test(path) || isFolder && policy.leadsTo(path)) && (end == 0 || policy.names(path, end));
    }

    /**
     * Returns the file at {@code url}, which was found as {@code path}, or a listing if it is a folder; empty when the rules keep
     * it.
     */
    Optional<FoundFile> read(URL url, String path) throws IOException {
        Path place = place(url);
        Path parts = Path.of(path);
        if (place == null || !place.endsWith(parts)) {
            return Optional.empty(); // a URL in a form of the loader's own
        }
        Path top = place;
        for (int i = 0; i < parts.getNameCount(); i++) {
            top = top.getParent();
        }
        ServedFolder root = ServedFolder.at(top);
        Map<String, Boolean> packages = new HashMap<>();
        Refusal refusal = refusal(root, path, packages);
        if (refusal != null) {
            note(path, refusal);
            return Optional.empty();
        }
        Path file = root.file(path);
        if (Files.isDirectory(file)) {
            return Optional.of(
                    FoundFile.at(url, path, list(root, path, packages).toBytes()));
        }
        if (!letsGo(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(FoundFile.at(url, path, extent.read(in)));
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

    private Listing list(ServedFolder root, String folder, Map<String, Boolean> packages) throws IOException {
        Listing listing = new Listing(this, folder);
        list(root, folder, "", listing, packages);
        return listing;
    }

    /** Adds what is in the folder {@code below} that of the listing, an empty text or with a slash at its end. */
    private void list(ServedFolder root, String folder, String below, Listing listing, Map<String, Boolean> packages)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.file(folder + "/" + below))) {
            for (Path entry : entries) {
                String name = below + entry.getFileName();
                String path = folder + "/" + name;
                if (refusal(root, path, packages) == null) {
                    boolean isFolder = Files.isDirectory(entry);
                    listing.add(name, isFolder);
                    if (isFolder && extent.isDeep() && lists(path, true) && path.equals(root.resolve(path))) {
                        list(root, folder, name + "/", listing, packages); // no link, which might lead back
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns why the file or folder is kept here, null when it is not.
     *
     * @param packages which folders have classes, as far as somebody has looked: each is looked at once
     */
    private @Nullable Refusal refusal(ServedFolder root, String path, Map<String, Boolean> packages) {
        Path file = root.file(path);
        boolean isFolder = Files.isDirectory(file);
        if (!isFolder && !Files.isRegularFile(file)) {
            return new Refusal(Rule.SPECIAL, "on the master it is no regular file, and only those are read");
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
                            "on the master it is a link to a file outside of the class path or a kept one, "
                                    + mend(path));
        }
        if (root.isWide() && !policy.names(path, 0) && !isOfPackage(root, real, isFolder, packages)) {
            return new Refusal(
                    Rule.WIDE,
                    "of " + root
                            + ", a working or home folder, the master serves only files in packages with classes, "
                            + mend(path));
        }
        return null;
    }

    private static String mend(String name) {
        return "unless an allow rule of its ImportPolicy covers it, as \"" + name + "\" does";
    }

    private static boolean isOfPackage(
            ServedFolder root, String path, boolean isFolder, Map<String, Boolean> packages) {
        if ((path + "/").startsWith(META + "/")) {
            return true;
        }
        if (!isFolder && ClassImage.isClass(path)) {
            return isThatClass(root, path);
        }
        int end = isFolder ? path.length() : path.lastIndexOf('/');
        while (end > 0) {
            if (packages.computeIfAbsent(path.substring(0, end), each -> hasClasses(root, each))) {
                return true;
            }
            end = path.lastIndexOf('/', end - 1);
        }
        return isFolder && leadsToPackage(root, path, packages, new int[] {MAX_FOLDERS});
    }

    /** Tells whether there is a folder with classes below {@code folder}; links are not followed. */
    private static boolean leadsToPackage(
            ServedFolder root, String folder, Map<String, Boolean> packages, int[] foldersLeft) {
        try (DirectoryStream<Path> below = Files.newDirectoryStream(
                root.file(folder), each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
            for (Path each : below) {
                String path = folder + "/" + each.getFileName();
                if (foldersLeft[0]-- > 0
                        && (packages.computeIfAbsent(path, name -> hasClasses(root, name))
                                || leadsToPackage(root, path, packages, foldersLeft))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException expected) {
            // a folder that cannot be listed proves nothing
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
            // a folder that cannot be listed proves nothing
        }
        return false;
    }

    /** Tells whether the file is a class that declares this very path. */
    private static boolean isThatClass(ServedFolder root, String path) {
        Path file = root.file(path);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return ConstantPool.of(in.readNBytes(JarFloor.MAX_BYTES)).declares(path);
        } catch (IOException expected) { // a request for the file itself reports this
            return false;
        }
    }

    /** Remembers why {@code path}, or a part of it, is kept. */
    void note(String path, Refusal refusal) {
        if (refusals.size() >= MAX_REMEMBERED) {
            refusals.clear();
        }
        if (path.length() <= MAX_REMEMBERED_CHARS) {
            refusals.put(path, refusal);
        }
    }
}
