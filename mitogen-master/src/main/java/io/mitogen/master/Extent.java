// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * How much of a file or folder is read.
 *
 * @param offset the first byte
 * @param limit the most bytes, of all copies together
 * @param isDeep whether a folder is listed with all that is below it
 * @param copy the only copy that is read, from 0; {@link #EVERY} for all
 */
record Extent(long offset, int limit, boolean isDeep, int copy) {
    static final int EVERY = -1;

    /** A whole file, cut just above the limit of what is sent in one piece; a folder's own names. */
    static final Extent WHOLE = new Extent(0, JarFloor.MAX_BYTES + 1, false, EVERY);

    /** Returns what is read of a copy, when those before it gave {@code bytes}. */
    Extent of(int index, long bytes) {
        if (copy == EVERY) {
            return new Extent(offset, (int) Math.max(0, limit - bytes), isDeep, copy);
        }
        return index == copy ? this : new Extent(0, 0, isDeep, copy);
    }

    /** Tells whether more of the same copy may be wanted. */
    boolean isPart() {
        return copy != EVERY && limit > 0;
    }

    /** Returns these bytes of {@code content}. */
    byte[] of(byte[] content) {
        int start = (int) Math.min(offset, content.length);
        return start == 0 && content.length <= limit
                ? content
                : Arrays.copyOfRange(content, start, start + Math.min(limit, content.length - start));
    }

    /** Reads these bytes of a file; none when it is shorter. */
    byte[] read(InputStream in) throws IOException {
        return read(in, offset);
    }

    /** Reads these bytes, which begin {@code skipped} bytes from where {@code in} is. */
    byte[] read(InputStream in, long skipped) throws IOException {
        try {
            in.skipNBytes(skipped);
        } catch (EOFException expected) {
            return new byte[0];
        }
        return in.readNBytes(limit);
    }
}
