// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a file beside the modules of a package, as GET_RESOURCE has it, and the body of the answer, LOAD_RESOURCE: two
 * pickles, the name and the content. Immutable, any thread.
 */
record LoadResource(String packageName, String fileName) {
    /** Longest request that is read. */
    static final int MAX_REQUEST_BYTES = 16 << 10;

    /**
     * Reads the name in a request, or at the beginning of an answer.
     *
     * @throws PickleException for anything else
     */
    static LoadResource decode(byte[] body) {
        Object value = PickleReader.fromBytes(body, Globals.NONE);
        if (value instanceof Tuple name && name.size() == 2) {
            String packageName = text(name.get(0));
            String fileName = text(name.get(1));
            if (packageName != null && fileName != null) {
                return new LoadResource(packageName, fileName);
            }
        }
        throw new PickleException(Blame.PEER, "the name of a resource is no tuple of two texts");
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return value instanceof String text ? text : null;
    }

    /** Returns the body of the answer; {@code content} is null when there is no such file. */
    byte[] answer(@Nullable byte[] content) {
        byte[] name = PickleWriter.toBytes(Tuple.of(packageName, fileName));
        byte[] second = PickleWriter.toBytes(content);
        byte[] body = Arrays.copyOf(name, name.length + second.length);
        System.arraycopy(second, 0, body, name.length, second.length);
        return body;
    }

    /** Returns the body of the request. */
    byte[] request() {
        return PickleWriter.toBytes(Tuple.of(packageName, fileName));
    }
}
