// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How GET_RESOURCE and LOAD_RESOURCE are written in a tree, which changed with the version of Mitogen for Python. A context that gets
 * another form than its own waits for ever. {@link LoadResource} reads them all. Any thread.
 */
public enum ResourceForm {
    /** Asked for in bytes, answered with one pickle. */
    BYTES,
    /** Asked for in text, answered with one pickle. */
    ONE_PICKLE,
    /** Asked for in text, answered with two pickles: the name, then the content. */
    TWO_PICKLES;

    private static final List<Integer> SINCE_ONE_PICKLE = List.of(0, 3, 39);
    private static final List<Integer> SINCE_TWO_PICKLES = List.of(0, 3, 41);

    /**
     * Returns the form of a version.
     *
     * @param version a tuple as Python writes it
     * @throws IllegalArgumentException if it is none
     */
    public static ResourceForm of(String version) {
        if (PythonRuntime.isAtLeast(version, SINCE_TWO_PICKLES)) {
            return TWO_PICKLES;
        }
        return PythonRuntime.isAtLeast(version, SINCE_ONE_PICKLE) ? ONE_PICKLE : BYTES;
    }

    /** Returns the body of the request. */
    byte[] request(LoadResource wanted) {
        if (this != BYTES) {
            return wanted.request();
        }
        byte[] packageName = wanted.packageName().getBytes(StandardCharsets.UTF_8);
        byte[] fileName = wanted.fileName().getBytes(StandardCharsets.UTF_8);
        return PickleWriter.toBytes(Tuple.of(packageName, fileName));
    }

    /** Returns the body of the answer; {@code content} is null when there is no such file. */
    byte[] answer(LoadResource wanted, @Nullable byte[] content) {
        return this == TWO_PICKLES
                ? wanted.answer(content)
                : PickleWriter.toBytes(Tuple.of(wanted.packageName(), wanted.fileName(), content));
    }

    /** Returns the body of the answer for an answer of two pickles. */
    byte[] convert(LoadResource wanted, byte[] twoPickles) {
        if (this == TWO_PICKLES) {
            return twoPickles;
        }
        List<Object> values = PickleReader.readAll(twoPickles, Globals.STANDARD);
        return answer(wanted, values.size() == 2 && values.get(1) instanceof byte[] content ? content : null);
    }
}
