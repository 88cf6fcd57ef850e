// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a URL names, but from a multi-release jar what a certain release of Java would see: that of the context that asks, which
 * may be older or newer than the master's. Any thread.
 */
final class JarFloor {
    /** Most bytes that are read of a file: the limit of images, and at most a share of the heap. */
    static final int MAX_BYTES =
            (int) Math.min(ClassImage.CONTENT_LIMIT, Runtime.getRuntime().maxMemory() / 8);

    private static final String UNLISTED =
            "the master can list folders of jars and of the disk, so put its classes on the class"
                    + " path in one of these; their loader has them under URLs of the protocol ";

    static final String VERSIONS = "META-INF/versions/";
    private static final int FIRST_VERSIONED = 9;
    private static final Pattern VERSIONED = Pattern.compile("([^/]*)!/(?:.*/)?META-INF/versions/(\\d{1,4})/");

    private final int release;
    private final JarManifests manifests;
    private final OpenParts parts;

    JarFloor(int release, JarManifests manifests, OpenParts parts) {
        this.release = release;
        this.manifests = manifests;
        this.parts = parts;
    }

    int release() {
        return release;
    }

    JarManifests manifests() {
        return manifests;
    }

    OpenParts parts() {
        return parts;
    }

    /**
     * Returns the content, cut just above {@link #MAX_BYTES} or as the {@link Extent} of the rules says, or the listing of a folder;
     * empty when it exists only for newer releases, or {@code rules} keep it.
     *
     * @throws IOException when it cannot be read, for whatever reason: signed jars and loaders' own URLs have others than the JDK's
     */
    Optional<FoundFile> read(URL url, String path, FolderRules rules) throws IOException {
        try {
            return open(url, path, rules);
        } catch (RuntimeException e) {
            throw new IOException(e.toString(), e);
        }
    }

    private Optional<FoundFile> open(URL url, String path, FolderRules rules) throws IOException {
        if (url.getProtocol().equals("file")) {
            return rules.read(url, path);
        }
        byte[] next = rules.letsGo(path) ? parts.next(this, url, rules.extent()) : null;
        if (next != null) {
            return Optional.of(FoundFile.at(url, path, next));
        }
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false); // a cached jar would stay open, and changes to it unseen, for ever
        if (connection instanceof JarURLConnection jar && jar.getEntryName() != null) {
            return read(jar, path, rules);
        }
        if (rules.extent().isDeep()) {
            rules.note(path, new FolderRules.Refusal(FolderRules.Rule.UNLISTED, UNLISTED + url.getProtocol()));
            return Optional.empty();
        }
        InputStream in = connection.getInputStream();
        if (!rules.letsGo(path)) {
            in.close();
            return Optional.empty();
        }
        return Optional.of(FoundFile.at(url, path, parts.first(this, url, rules.extent(), in)));
    }

    private Optional<FoundFile> read(JarURLConnection connection, String path, FolderRules rules) throws IOException {
        JarFile jar = connection.getJarFile();
        boolean isTaken = false; // by the stream, which closes it
        try {
            JarManifests.Facts facts = manifests.of(connection);
            String given = connection.getEntryName();
            boolean isVersioned = facts.isMultiRelease() && !path.startsWith("META-INF/");
            String top = topOf(given, path);
            String name = isVersioned ? versioned(jar, top, path) : given;
            if (name == null || !isVersioned && !name.equals(top + path) && !name.equals(top + path + "/")) {
                // it exists for newer releases only, or in a folder for releases that does not count
                return Optional.empty();
            }
            JarEntry entry = jar.getJarEntry(name);
            if (entry != null && entry.isDirectory()) {
                byte[] names = Listing.of(rules, path, jar, top + path).toBytes();
                return Optional.of(found(connection, facts, names));
            }
            if (!rules.letsGo(path)) {
                return Optional.empty();
            }
            InputStream in =
                    streamOf(jar, name.equals(given) ? connection.getInputStream() : jar.getInputStream(entry));
            isTaken = true;
            byte[] bytes = parts.first(this, connection.getURL(), rules.extent(), in);
            return Optional.of(found(connection, facts, bytes));
        } finally {
            if (!isTaken) {
                jar.close();
            }
        }
    }

    private static InputStream streamOf(JarFile jar, InputStream entry) {
        return new FilterInputStream(entry) {
            @Override
            public void close() throws IOException {
                try (jar) {
                    super.close();
                }
            }
        };
    }

    private static FoundFile found(JarURLConnection connection, JarManifests.Facts facts, byte[] bytes) {
        return new FoundFile(facts.name(), bytes, JarManifests.containerOf(connection.getURL()));
    }

    /** Returns what stands before the path, and before the folder of a release, in the name of an entry. */
    private static String topOf(String entry, String path) {
        int end = entry.lastIndexOf(path);
        int version = entry.indexOf(VERSIONS);
        return entry.substring(0, version >= 0 && version < end ? version : Math.max(0, end));
    }

    /** Returns the name of the entry that the release sees; null if it sees none. */
    private @Nullable String versioned(JarFile jar, String top, String path) {
        for (int each = release; each >= FIRST_VERSIONED; each--) {
            String name = top + VERSIONS + each + "/" + path;
            if (jar.getEntry(name) != null) {
                return name;
            }
        }
        return jar.getEntry(top + path) == null ? null : top + path;
    }

    /** Returns why the release cannot have what lies at {@code url}, if that is for newer ones. */
    Optional<String> tooNew(URL url) {
        Matcher versioned = VERSIONED.matcher(url.toExternalForm());
        return versioned.find() && Integer.parseInt(versioned.group(2)) > release
                ? Optional.of(versioned.group(1) + " has it for Java " + versioned.group(2)
                        + " and later, and this context runs Java " + release)
                : Optional.empty();
    }
}
