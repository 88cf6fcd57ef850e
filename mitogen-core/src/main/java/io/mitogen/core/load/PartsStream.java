// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** Reads a resource that is too large for one message, a part at a time. One thread at a time, which may wait for the master. */
final class PartsStream extends InputStream {
    private final Importer importer;
    private final String path;
    private final int copy;
    private byte[] part = {};
    private int at; // in the part
    private long next; // offset of the part after it
    private boolean isAtEnd;

    PartsStream(Importer importer, String path, int copy) {
        this.importer = importer;
        this.path = path;
        this.copy = copy;
    }

    /** Opens a copy of a resource. Declared so that the caller can be verified without this class, which may not be here yet. */
    static InputStream of(Importer importer, URL url) {
        return new PartsStream(importer, ShippedResources.pathOf(url), ShippedResources.indexOf(url));
    }

    @Override
    public int read() throws IOException {
        return fetch() ? part[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fetch()) {
            return -1;
        }
        int count = Math.min(length, part.length - at);
        System.arraycopy(part, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return part.length - at;
    }

    /** Tells whether there is another byte, and has its part here. */
    private boolean fetch() throws IOException {
        if (at == part.length && !isAtEnd) {
            part = part(new ResourcePart(copy, next, path).name());
            at = 0;
            next += part.length;
            isAtEnd = part.length == 0;
        }
        return !isAtEnd;
    }

    private byte[] part(String name) throws IOException {
        try {
            ClassImage image = importer.find(name);
            if (image.isMissing()) {
                throw new IOException(path + " cannot be read from byte " + next + " on: " + image.reason());
            }
            return image.copies().get(0);
        } catch (ClassRefusedException | CorruptImageException e) {
            throw new IOException(path + " cannot be read from byte " + next + " on: " + e.getMessage(), e);
        }
    }
}
