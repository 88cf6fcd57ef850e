// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/**
 * Reads what a URL names, but from a multi-release jar what an older Java would see: the master may run a newer Java
 * than the context that asks. Any thread.
 */
final class JarFloor {
    /** Most bytes that are read of a file: the limit of images, and at most a share of the heap. */
    static final int MAX_BYTES =
            (int) Math.min(ClassImage.CONTENT_LIMIT, Runtime.getRuntime().maxMemory() / 8);

    private static final String UNLISTED =
            "the master can list folders of jars and of the disk, so put its classes on the class"
                    + " path in one of these; their loader has them under URLs of the protocol ";

    private static final String VERSIONS = "META-INF/versions/";

    private final int release;

    JarFloor(int release) {
        this.release = release;
    }

    /**
     * Returns the content, cut just above {@link #MAX_BYTES} or as the {@link Extent} of the rules says, or the listing of a folder; empty when it exists only for releases
     * above the floor, or {@code rules} keep it.
     */
    Optional<FoundFile> read(URL url, String path, FolderRules rules) throws IOException {
        if (url.getProtocol().equals("file")) {
            return rules.read(url, path);
        }
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false); // a cached jar would stay open, and changes to it unseen, for ever
        if (connection instanceof JarURLConnection jar) {
            boolean isTooNew = isAboveFloor(jar.getEntryName())
                    && jar.getJarFileURL().getProtocol().equals("file");
            return isTooNew
                    ? readBelow(new File(URI.create(jar.getJarFileURL().toString())), path, rules)
                    : readEntry(jar, path, rules);
        }
        if (rules.extent().isDeep()) {
            rules.note(path, new FolderRules.Refusal(FolderRules.Rule.UNLISTED, UNLISTED + url.getProtocol()));
            return Optional.empty();
        }
        try (InputStream in = connection.getInputStream()) {
            return rules.letsGo(path)
                    ? Optional.of(FoundFile.at(url, path, rules.extent().read(in)))
                    : Optional.empty();
        }
    }

    private static Optional<FoundFile> readEntry(JarURLConnection connection, String path, FolderRules rules)
            throws IOException {
        JarEntry entry = connection.getJarEntry(); // opens the jar; closing its stream, or the jar, closes it
        if (entry != null && entry.isDirectory()) {
            try (JarFile jar = connection.getJarFile()) {
                String name = connection.getEntryName();
                byte[] names = Listing.of(rules, path, jar, name.startsWith(VERSIONS) ? path : name)
                        .toBytes();
                return Optional.of(FoundFile.at(connection.getURL(), path, names));
            }
        }
        try (InputStream in = connection.getInputStream()) {
            return rules.letsGo(path)
                    ? Optional.of(FoundFile.at(
                            connection.getURL(), path, rules.extent().read(in)))
                    : Optional.empty();
        }
    }

    private boolean isAboveFloor(String entry) {
        if (entry == null || !entry.startsWith(VERSIONS)) {
            return false;
        }
        int end = entry.indexOf('/', VERSIONS.length());
        try {
            return Integer.parseInt(entry, VERSIONS.length(), Math.max(end, VERSIONS.length()), 10) > release;
        } catch (NumberFormatException expected) {
            return false; // a folder that only looks like a version's
        }
    }

    private Optional<FoundFile> readBelow(File file, String path, FolderRules rules) throws IOException {
        Runtime.Version version = Runtime.Version.parse(Integer.toString(release));
        try (JarFile jar = new JarFile(file, false, ZipFile.OPEN_READ, version)) {
            JarEntry entry = jar.getJarEntry(path);
            if (entry != null && entry.isDirectory()) {
                return Optional.of(new FoundFile(
                        file.getName(), Listing.of(rules, path, jar, path).toBytes()));
            }
            if (entry == null || !rules.letsGo(path)) {
                return Optional.empty();
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return Optional.of(new FoundFile(file.getName(), rules.extent().read(in)));
            }
        }
    }
}
