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
 * The name of a file beside the modules of a package, as GET_RESOURCE and its answer, LOAD_RESOURCE, have it: {@link ResourceForm}
 * says in what forms. Immutable, any thread.
 */
record LoadResource(String packageName, String fileName) {
    /** Longest request that is read. */
    static final int MAX_REQUEST_BYTES = 16 << 10;

    /**
     * Reads the name in a request of any version.
     *
     * @throws PickleException for anything else
     */
    static LoadResource decode(byte[] body) {
        return named(PickleReader.fromBytes(body, Globals.STANDARD), 2);
    }

    private static LoadResource named(@Nullable Object value, int size) {
        if (value instanceof Tuple name && name.size() == size) {
            String packageName = text(name.get(0));
            String fileName = text(name.get(1));
            if (packageName != null && fileName != null) {
                return new LoadResource(packageName, fileName);
            }
        }
        throw new PickleException(Blame.PEER, "the name of a resource is no tuple of two texts");
    }

    /** Returns a name, which some write in bytes. */
    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return value instanceof String text ? text : null;
    }

    /**
     * An answer.
     *
     * @param body in two pickles, whatever it came in
     */
    record Answer(LoadResource resource, byte[] body) {}

    /**
     * Reads an answer of any version. The content of one in two pickles is not looked at.
     *
     * @throws PickleException for anything else
     */
    static Answer decodeAnswer(byte[] body) {
        Object first = PickleReader.fromBytes(body, Globals.STANDARD);
        if (first instanceof Tuple whole && whole.size() == 3) {
            LoadResource resource = named(whole, 3);
            byte[] content = whole.get(2) instanceof byte[] bytes ? bytes : null;
            return new Answer(resource, resource.answer(content));
        }
        return new Answer(named(first, 2), body);
    }

    /** Returns the body of the answer in two pickles; {@code content} is null when there is no such file. */
    byte[] answer(@Nullable byte[] content) {
        byte[] name = PickleWriter.toBytes(Tuple.of(packageName, fileName));
        byte[] second = PickleWriter.toBytes(content);
        byte[] body = Arrays.copyOf(name, name.length + second.length);
        System.arraycopy(second, 0, body, name.length, second.length);
        return body;
    }

    /** Returns the body of the request in text. */
    byte[] request() {
        return PickleWriter.toBytes(Tuple.of(packageName, fileName));
    }
}
