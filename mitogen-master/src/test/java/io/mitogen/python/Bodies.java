// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Tuple;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.InflaterInputStream;

/** Reads bodies of LOAD_MODULE for tests. */
final class Bodies {
    private Bodies() {}

    /** Returns the fields of one. */
    static Tuple tuple(byte[] body) {
        return (Tuple) PickleReader.fromBytes(body, Globals.STANDARD);
    }

    /** Returns the source in one. */
    static byte[] source(byte[] body) throws IOException {
        Object data = tuple(body).get(3);
        byte[] zlib = data instanceof Blob blob ? blob.bytes() : (byte[]) data;
        return new InflaterInputStream(new ByteArrayInputStream(zlib)).readAllBytes();
    }

    /** Returns what stands in one, in words; the first characters of the path cut off. */
    static String show(byte[] body, String root) throws IOException {
        Tuple tuple = tuple(body);
        if (tuple.get(2) == null) {
            return tuple.toString();
        }
        String path = (String) tuple.get(2);
        return tuple.get(0) + " " + tuple.get(1) + " " + (path.startsWith(root) ? path.substring(root.length()) : path)
                + " " + tuple.get(4) + " " + new String(source(body), java.nio.charset.StandardCharsets.UTF_8);
    }
}
