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
 * @param limit the most bytes
 * @param isDeep whether a folder is listed with all that is below it
 */
record Extent(long offset, int limit, boolean isDeep) {
    /** A whole file, cut just above the limit of what is sent in one piece; a folder's own names. */
    static final Extent WHOLE = new Extent(0, JarFloor.MAX_BYTES + 1, false);

    /** Returns these bytes of {@code content}. */
    byte[] of(byte[] content) {
        int start = (int) Math.min(offset, content.length);
        return start == 0 && content.length <= limit
                ? content
                : Arrays.copyOfRange(content, start, start + Math.min(limit, content.length - start));
    }

    /** Reads these bytes of a file; none when it is shorter. */
    byte[] read(InputStream in) throws IOException {
        try {
            in.skipNBytes(offset);
        } catch (EOFException expected) {
            return new byte[0];
        }
        return in.readNBytes(limit);
    }
}
