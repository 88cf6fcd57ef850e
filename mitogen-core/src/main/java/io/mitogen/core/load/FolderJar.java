// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The files below a folder on the master, as a jar. Any thread; the content of each is fetched when it is read. */
final class FolderJar extends JarFile {
    /*
     * Programs that look for classes know folders of the disk and instances of JarFile. That opens a file, whatever its subclasses
     * do, so it gets one that every JDK has; nothing of it is ever seen.
     */
    private static final String ANY_JAR = "lib/jrt-fs.jar";

    private final String folder; // with a slash at the end
    private final URL url;
    private final URLStreamHandler handler;
    private final Importer importer;
    private final Map<String, JarEntry> entries = new TreeMap<String, JarEntry>();

    /**
     * Lists a folder.
     *
     * @param url the URL of this jar
     * @param handler opens the files in it
     */
    FolderJar(String folder, URL url, URLStreamHandler handler, Importer importer) throws IOException {
        super(new File(System.getProperty("java.home"), ANY_JAR), false);
        this.folder = folder;
        this.url = url;
        this.handler = handler;
        this.importer = importer;
        try {
            list();
        } catch (IOException | RuntimeException e) {
            super.close();
            throw e;
        }
    }

    private void list() throws IOException {
        ClassImage image = importer.find(folder);
        if (image.isMissing()) {
            throw new IOException(folder + " cannot be listed: " + image.reason());
        }
        add(folder);
        List<byte[]> copies = importer.copiesIn(image);
        for (int i = 0; i < copies.size(); i++) {
            byte[] copy = copies.get(i);
            InputStream in = copy == null ? new PartsStream(importer, folder, i) : new ByteArrayInputStream(copy);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(folder + line);
            }
        }
    }

    private void add(String name) {
        entries.put(name, new JarEntry(name));
    }

    /** Returns the names in a folder of this jar, one a line, sorted. */
    String names(String entry) {
        String head = entry.endsWith("/") ? entry : entry + "/";
        Set<String> names = new TreeSet<String>();
        for (String each : entries.keySet()) {
            if (each.startsWith(head) && each.length() > head.length()) {
                int slash = each.indexOf('/', head.length());
                names.add(each.substring(head.length(), slash < 0 ? each.length() : slash));
            }
        }
        return names.isEmpty() ? "" : String.join("\n", names) + "\n";
    }

    @Override
    public Enumeration<JarEntry> entries() {
        return Collections.enumeration(entries.values());
    }

    @Override
    public Stream<JarEntry> stream() {
        return entries.values().stream();
    }

    @Override
    public Stream<JarEntry> versionedStream() {
        return stream();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    @Nullable
    public JarEntry getJarEntry(String name) {
        JarEntry entry = entries.get(name);
        return entry == null ? entries.get(name + "/") : entry;
    }

    @Override
    @Nullable
    public ZipEntry getEntry(String name) {
        return getJarEntry(name);
    }

    @Override
    @Nullable
    public InputStream getInputStream(ZipEntry entry) throws IOException {
        if (getJarEntry(entry.getName()) == null) {
            return null;
        }
        if (entry.isDirectory()) {
            return InputStream.nullInputStream();
        }
        return new URL(url, "/" + ShippedResources.encode(entry.getName()), handler).openStream();
    }

    @Override
    @Nullable
    public Manifest getManifest() {
        return null;
    }

    @Override
    @Nullable
    public String getComment() {
        return null;
    }

    @Override
    public String getName() {
        return url.toString();
    }
}
