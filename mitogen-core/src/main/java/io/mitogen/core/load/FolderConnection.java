// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A folder on the master, or a file below it, as an entry of a jar that has all files below that folder. A folder itself reads as a
 * list of the names in it, one a line. One thread at a time, which may wait for the master.
 */
final class FolderConnection extends JarURLConnection {
    /**
     * The protocol that an application server has for its jars. The programs that look for classes know it as one whose connections
     * are those of jars; and unlike "jar", it is free, so that a URL that was made from text leads here, too.
     */
    static final String PROTOCOL = "wsjar";

    private static final String SEPARATOR = "!/";

    private final Importer importer;
    private final URLStreamHandler handler;
    private final URL jar;

    private FolderConnection(URL url, Importer importer, URLStreamHandler handler) throws MalformedURLException {
        super(parsable(url));
        this.url = url;
        this.importer = importer;
        this.handler = handler;
        String path = url.getPath();
        this.jar = new URL(null, path.substring(0, path.indexOf(SEPARATOR)), handler);
    }

    /** Opens a URL. Declared so that the caller can be verified without this class, which may not be here yet. */
    static URLConnection to(URL url, Importer importer, URLStreamHandler handler) throws MalformedURLException {
        return new FolderConnection(url, importer, handler);
    }

    /**
     * Returns the URL of a folder, which is an entry of the jar of the same name.
     *
     * @param text the URL that it would have as a file
     * @param pathAt where the path begins in that
     */
    static URL urlOf(String text, int pathAt, int index, URLStreamHandler handler) {
        String jar = PROTOCOL + ":" + text + (text.endsWith("/") ? SEPARATOR : "/" + SEPARATOR);
        return ShippedResources.url(jar + text.substring(pathAt), index, handler);
    }

    /** Returns a URL with the same entry, of a jar whose URL the superclass can make from its text. */
    private static URL parsable(URL url) throws MalformedURLException {
        int separator = url.getPath().indexOf(SEPARATOR);
        if (separator < 0) {
            throw new MalformedURLException("no " + SEPARATOR + " in " + url);
        }
        return new URL("jar:file:/" + url.getPath().substring(separator));
    }

    @Override
    public URL getJarFileURL() {
        return jar;
    }

    @Override
    public void connect() throws IOException {
        if (!connected
                && getEntryName() != null
                && importer.find(getEntryName()).isMissing()) {
            throw new FileNotFoundException(
                    url + ": " + importer.find(getEntryName()).reason());
        }
        connected = true;
    }

    @Override
    public JarFile getJarFile() throws IOException {
        return open();
    }

    private FolderJar open() throws IOException {
        return new FolderJar(ShippedResources.pathOf(jar), jar, handler, importer);
    }

    @Override
    public JarEntry getJarEntry() throws IOException {
        connect();
        if (getEntryName() == null) {
            return null;
        }
        boolean lacksSlash = !getEntryName().endsWith("/") && ShippedResources.isFolder(getEntryName(), importer);
        return new JarEntry(lacksSlash ? getEntryName() + "/" : getEntryName());
    }

    @Override
    public InputStream getInputStream() throws IOException {
        connect();
        if (getEntryName() == null) {
            throw new IOException("no entry name in " + url);
        }
        if (!getEntryName().endsWith("/")) {
            return file().openStream();
        }
        try (FolderJar files = open()) {
            return new ByteArrayInputStream(files.names(getEntryName()).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public String getContentType() {
        String type = getEntryName() == null ? "x-java/jar" : guessContentTypeFromName(getEntryName());
        return type == null ? "content/unknown" : type;
    }

    @Override
    public long getContentLengthLong() {
        try {
            return getEntryName() == null || getEntryName().endsWith("/")
                    ? 0
                    : file().openConnection().getContentLengthLong();
        } catch (IOException expected) {
            return -1; // the contract of this method: unknown; reading will tell
        }
    }

    private URL file() throws MalformedURLException {
        String file = url.getFile();
        return new URL(jar, "/" + file.substring(file.indexOf(SEPARATOR) + SEPARATOR.length()), handler);
    }
}
