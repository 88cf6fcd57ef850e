// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;

/** What the manifests of jars say that contexts need to know. Each is read once, as long as its jar does not change. Any thread. */
final class JarManifests {
    /** Where contexts expect what the jar with the name behind it says of its packages. */
    static final String FOLDER = "META-INF/mitogen/manifest/";

    /**
     * What is known of a jar.
     *
     * @param name its name, with a suffix if another with this name says other things of its packages
     * @param isMultiRelease whether folders for releases of Java count
     */
    record Facts(String name, boolean isMultiRelease) {}

    private static final int MAX_KEPT = 4096;

    private static final List<Name> OF_PACKAGES = List.of(
            Name.SPECIFICATION_TITLE,
            Name.SPECIFICATION_VERSION,
            Name.SPECIFICATION_VENDOR,
            Name.IMPLEMENTATION_TITLE,
            Name.IMPLEMENTATION_VERSION,
            Name.IMPLEMENTATION_VENDOR,
            Name.SEALED);

    private final Map<String, Facts> known = new ConcurrentHashMap<>();
    private final Map<String, byte[]> packages =
            new ConcurrentHashMap<>(); // by name of jar; empty where nothing is said

    /** Returns what is known of the jar that {@code connection} leads into; may open it. */
    Facts of(JarURLConnection connection) throws IOException {
        String jar = containerOf(connection.getURL());
        String key = jar + " " + timeOf(connection.getJarFileURL());
        Facts facts = known.get(key);
        if (facts == null) {
            Manifest manifest = manifestOf(connection);
            boolean isMultiRelease = manifest != null
                    && "true".equalsIgnoreCase(manifest.getMainAttributes().getValue(Name.MULTI_RELEASE));
            limit();
            facts = new Facts(keep(FoundFile.nameOf(jar), packagesOf(manifest)), isMultiRelease);
            known.put(key, facts);
        }
        return facts;
    }

    /** Returns the manifest of a jar, null if it has none that can be read: its other files can, as in any JVM. */
    private static @Nullable Manifest manifestOf(JarURLConnection connection) {
        try {
            return connection.getManifest();
        } catch (IOException | RuntimeException expected) { // of the jar itself, whoever reads a file will hear
            return null;
        }
    }

    /** Returns what the manifest of the jar with that name says of its packages, in the form of a manifest; null if nothing. */
    @Nullable
    byte[] packagesIn(String name) {
        byte[] said = packages.get(name);
        return said == null || said.length == 0 ? null : said;
    }

    /** Returns the URL of what holds the class or resource at {@code url}: a jar, or a folder with a slash at its end. */
    static String containerOf(URL url) {
        String text = url.toExternalForm();
        return text.substring(0, Math.max(0, text.lastIndexOf("!/")));
    }

    private String keep(String name, byte[] content) {
        byte[] before = packages.putIfAbsent(name, content);
        if (before == null || Arrays.equals(before, content)) {
            return name;
        }
        String other = name + "~" + Integer.toHexString(Arrays.hashCode(content));
        packages.put(other, content);
        return other;
    }

    private static byte[] packagesOf(@Nullable Manifest manifest) throws IOException {
        Manifest said = new Manifest();
        if (manifest != null) {
            copy(manifest.getMainAttributes(), said.getMainAttributes());
            manifest.getEntries().forEach((name, attributes) -> {
                Attributes copy = new Attributes();
                copy(attributes, copy);
                if (name.endsWith("/") && !copy.isEmpty()) {
                    said.getEntries().put(name, copy);
                }
            });
        }
        if (said.getMainAttributes().isEmpty() && said.getEntries().isEmpty()) {
            return new byte[0];
        }
        said.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0"); // without it nothing is written
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        said.write(bytes);
        return bytes.toByteArray();
    }

    private static void copy(Attributes from, Attributes to) {
        for (Name name : OF_PACKAGES) {
            if (from.getValue(name) != null) {
                to.put(name, from.getValue(name));
            }
        }
    }

    /** Returns when the file that the jar is, or lies in, was changed; 0 if it is no file. */
    private static long timeOf(URL jar) {
        String text = jar.toExternalForm();
        int start = text.indexOf("file:");
        int end = text.indexOf("!/");
        try {
            return start < 0
                    ? 0
                    : Files.getLastModifiedTime(
                                    Path.of(new URL(text.substring(start, end < 0 ? text.length() : end)).toURI()))
                            .toMillis();
        } catch (Exception expected) { // a form of the loader's own
            return 0;
        }
    }

    private void limit() {
        if (known.size() >= MAX_KEPT || packages.size() >= MAX_KEPT) { // a known name leads to what is said of packages
            known.clear();
            packages.clear();
        }
    }
}
