// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.Enumeration;
import java.util.List;

/**
 * Jars and directories on this machine as a source of bytes. Defines nothing itself, so that classes from here and
 * classes from the master share one loader and see each other. Any thread.
 */
final class ExtraClassPath {
    /** A class file and where it lies. */
    static final class Found {
        final byte[] bytes;
        final CodeSource source;

        Found(byte[] bytes, CodeSource source) {
            this.bytes = bytes;
            this.source = source;
        }
    }

    private final URLClassLoader files;

    ExtraClassPath(List<String> paths) {
        URL[] urls = new URL[paths.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = new File(paths.get(i)).toURI().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("extra class path element " + paths.get(i), e);
            }
        }
        files = new URLClassLoader(urls, null);
    }

    @Nullable
    Found findClass(String path) throws ClassNotFoundException {
        URL url = findResource(path);
        if (url == null) {
            return null;
        }
        try {
            URLConnection connection = url.openConnection();
            try (InputStream in = connection.getInputStream()) {
                return new Found(in.readAllBytes(), new CodeSource(place(connection, path), (Certificate[]) null));
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(ClassImage.nameOf(path) + " could not be read from " + url, e);
        }
    }

    @Nullable
    URL findResource(String path) {
        return files.findResource(path);
    }

    Enumeration<URL> findResources(String path) throws IOException {
        return files.findResources(path);
    }

    /** Returns the jar or directory, as a code source names it. */
    private static URL place(URLConnection connection, String path) throws MalformedURLException {
        if (connection instanceof JarURLConnection) {
            return ((JarURLConnection) connection).getJarFileURL();
        }
        File place = new File(URI.create(connection.getURL().toExternalForm()).getPath());
        for (int at = 0; at >= 0; at = path.indexOf('/', at + 1)) {
            place = place.getParentFile();
        }
        return place.toURI().toURL();
    }
}
