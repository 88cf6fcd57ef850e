// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The resources that came from the master, as URLs that only this context understands: {@code mitogen:/a/b.txt} for the
 * first copy, {@code mitogen:/a/b.txt?2} for the second. Any thread; whoever opens one may wait for the master.
 */
final class ShippedResources extends URLStreamHandler {
    private static final String PLAIN = "/-_.~$!*'(),;:@&=";
    private static final String HEX = "0123456789ABCDEF";

    private final Importer importer;

    ShippedResources(Importer importer) {
        this.importer = importer;
    }

    @Nullable
    URL first(String path) {
        return importer.find(path).isMissing() ? null : url(path, 0);
    }

    /** Returns a list that the caller may change. */
    List<URL> all(String path) {
        List<URL> urls = new ArrayList<URL>();
        int count = copies(path).size();
        for (int i = 0; i < count; i++) {
            urls.add(url(path, i));
        }
        return urls;
    }

    @Override
    protected URLConnection openConnection(URL url) {
        return new Opened(url);
    }

    private List<byte[]> copies(String path) {
        try {
            return importer.find(path).copies();
        } catch (CorruptImageException e) {
            importer.onCorrupt(path);
            throw e;
        }
    }

    private URL url(String path, int index) {
        try {
            return new URL(null, "mitogen:/" + encode(path) + (index == 0 ? "" : "?" + (index + 1)), this);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no URL for resource " + path, e);
        }
    }

    private static String encode(String path) {
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
        private int index;

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
            List<byte[]> copies = copies(path());
            index = index();
            if (index < 0 || index >= copies.size()) {
                throw new FileNotFoundException(url + ": the master has " + copies.size() + " copies");
            }
            content = copies.get(index);
            connected = true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            connect();
            return content == null ? new PartsStream(importer, path(), index) : new ByteArrayInputStream(content);
        }

        @Override
        public long getContentLengthLong() {
            try {
                connect();
            } catch (IOException expected) {
                return -1; // the contract of this method: unknown; reading will tell
            }
            return content == null ? -1 : content.length;
        }

        private String path() {
            return URLDecoder.decode(url.getPath().substring(1), StandardCharsets.UTF_8);
        }

        private int index() {
            String query = url.getQuery();
            try {
                return query == null ? 0 : Integer.parseInt(query) - 1;
            } catch (NumberFormatException expected) {
                return -1; // a URL built by hand; reported as not found
            }
        }
    }
}
