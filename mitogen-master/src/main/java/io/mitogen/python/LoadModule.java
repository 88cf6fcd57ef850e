// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The body of a LOAD_MODULE about a Python module, or about what may be one. Immutable, any thread. */
final class LoadModule {
    /*
     *     (name, children, path, data, related)    found; children is None for a module that is no package
     *     (name, None,     None, None, ())         there is none
     *
     * data is zlib of the source: bytes here, a Blob from Python, and every context takes either.
     */
    private static final int SIZE = 5;

    private final String name;

    @Nullable
    private final String path; // null when there is none

    private final List<String> related;

    private LoadModule(String name, @Nullable String path, List<String> related) {
        this.name = name;
        this.path = path;
        this.related = related;
    }

    /**
     * Returns the body for a module that was found.
     *
     * @param children the modules directly below a package, without prefix; null for what is no package
     */
    static byte[] found(String name, @Nullable List<String> children, String path, byte[] data, List<String> related) {
        return PickleWriter.toBytes(Tuple.of(name, children, path, data, related));
    }

    /** Returns the body that says that there is no such module. */
    static byte[] missing(String name) {
        return PickleWriter.toBytes(Tuple.of(name, null, null, null, Tuple.of()));
    }

    /**
     * Reads a body.
     *
     * @throws PickleException for anything else
     */
    static LoadModule decode(byte[] body) {
        Object value = PickleReader.fromBytes(body, Globals.STANDARD);
        if (!(value instanceof Tuple tuple) || tuple.size() != SIZE || !(tuple.get(0) instanceof String name)) {
            throw new PickleException(Blame.PEER, "a LOAD_MODULE holds no tuple of " + SIZE + " elements");
        }
        List<String> related = new ArrayList<>();
        if (tuple.get(4) instanceof Iterable<?> names) {
            for (Object each : names) {
                if (each instanceof String text) {
                    related.add(text);
                }
            }
        }
        boolean isFound = tuple.get(3) instanceof byte[] || tuple.get(3) instanceof Blob;
        String path = isFound && tuple.get(2) instanceof String text ? text : null;
        return new LoadModule(name, path, List.copyOf(related));
    }

    /** Returns the name of the module, or the path of what the JVM wants. */
    String name() {
        return name;
    }

    boolean isMissing() {
        return path == null;
    }

    /** Returns where it was found; empty when it was not. */
    String path() {
        return path == null ? "" : path;
    }

    List<String> related() {
        return related;
    }
}
