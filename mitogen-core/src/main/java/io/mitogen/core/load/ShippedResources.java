// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The resources that came from the master, as URLs that only this context understands: {@code mitogen://c7/a/b.txt} for the
 * first copy, {@code mitogen://c7/a/b.txt?2} for the second, {@code wsjar:mitogen://c7/a/!/a/} for a folder. The authority tells one
 * context from others in this JVM; see {@link ResourceUrls}. Any thread; whoever opens one may wait for the master.
 */
final class ShippedResources extends URLStreamHandler {
    static final String PROTOCOL = "mitogen";

    private static final String PLAIN = "/-_.~$*'(),;:@&=";
    private static final String HEX = "0123456789ABCDEF";

    private final Importer importer;
    private final String root =
            PROTOCOL + "://c" + hashCode() + "/"; // Xalan takes what begins with a digit for an address

    ShippedResources(Importer importer) {
        this.importer = importer;
    }

    @Nullable
    URL first(String path) {
        return importer.find(path).isMissing() ? null : urlOf(path, 0);
    }

    /** Returns a list that the caller may change. */
    List<URL> all(String path) {
        List<URL> urls = new ArrayList<URL>();
        int count = copies(path).size();
        if (count > 1 && path.endsWith("/")) {
            count = 1; // the files below a folder are one list
        }
        for (int i = 0; i < count; i++) {
            urls.add(urlOf(path, i));
        }
        return urls;
    }

    @Override
    protected URLConnection openConnection(URL url) throws MalformedURLException {
        return url.getProtocol().equals(PROTOCOL) ? new Opened(url) : FolderConnection.to(url, importer, this);
    }

    @Override
    @Nullable
    protected InetAddress getHostAddress(URL url) {
        return null; // what looks like a host is none
    }

    /** Tells whether there is a folder at {@code path}, where there is something; a name with a dot is taken for that of a file. */
    static boolean isFolder(String path, Importer importer) {
        return path.endsWith("/")
                || path.lastIndexOf('.') <= path.lastIndexOf('/')
                        && !importer.find(path.concat("/")).isMissing();
    }

    /** Returns the path of the resource that a URL leads to; throws IllegalArgumentException when it is not encoded as it should be. */
    static String pathOf(URL url) {
        return URLDecoder.decode(url.getPath().substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns which of the copies a URL leads to, from 0; throws as {@link #pathOf}. */
    static int indexOf(URL url) {
        return url.getQuery() == null ? 0 : Integer.parseInt(url.getQuery()) - 1;
    }

    private List<byte[]> copies(String path) {
        return importer.copiesIn(importer.find(path));
    }

    private URL urlOf(String path, int index) {
        return isFolder(path, importer)
                ? FolderConnection.urlOf(root + encode(path), root.length(), index, this)
                : url(path, index);
    }

    /** Returns where the master found a class, as a code source tells it: a jar, or a folder with a slash at its end. */
    URL place(String origin) {
        return url(origin, 0);
    }

    private URL url(String path, int index) {
        return url(root + encode(path), index, this);
    }

    static URL url(String text, int index, URLStreamHandler handler) {
        try {
            return new URL(null, text + (index == 0 ? "" : "?" + (index + 1)), handler);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no URL " + text, e);
        }
    }

    static String encode(String path) {
        StringBuilder text = new StringBuilder();
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return text.toString();
    }

    /** One resource being read. */
    private final class Opened extends URLConnection {
        @Nullable
        private byte[] content; // null when it comes in parts

        Opened(URL url) {
            super(url);
        }

        @Override
        public void connect() throws IOException {
            if (connected) {
                return;
            }
            try {
                content = copies(pathOf(url)).get(indexOf(url));
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) { // a URL built by hand
                throw new FileNotFoundException(url + ": " + e);
            }
            connected = true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            connect();
            return content == null ? PartsStream.of(importer, url) : new ByteArrayInputStream(content);
        }

        /** Goes by the name, as for files and jars of the JDK, without which there is no {@link #getContent}. */
        @Override
        public String getContentType() {
            String type = guessContentTypeFromName(url.getPath());
            return type == null ? "content/unknown" : type;
        }

        @Override
        public long getContentLengthLong() {
            try {
                connect();
                return content == null ? -1 : content.length;
            } catch (IOException expected) {
                return -1; // the contract of this method: unknown; reading will tell
            }
        }
    }
}
