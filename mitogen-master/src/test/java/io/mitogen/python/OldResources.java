// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Message;
import java.util.List;

/** Requests and answers for files, as Mitogen for Python 0.3.37 to 0.3.40 writes them on Python 3. */
final class OldResources {
    private OldResources() {}

    /** Bytes inside other values, as Python 3 writes them. */
    private record Encoded(byte[] bytes) implements Reducible {
        @Override
        public String globalModule() {
            return "_codecs";
        }

        @Override
        public String globalName() {
            return "encode";
        }

        @Override
        public Tuple arguments() {
            return Tuple.of(new String(bytes, ISO_8859_1), "latin1");
        }
    }

    static byte[] request(String version, String packageName, String fileName) {
        boolean inBytes = version.startsWith("(0, 3, 37") || version.startsWith("(0, 3, 38");
        return PickleWriter.toBytes(
                inBytes
                        ? Tuple.of(new Encoded(packageName.getBytes(UTF_8)), new Encoded(fileName.getBytes(UTF_8)))
                        : Tuple.of(packageName, fileName));
    }

    /** Returns the answer of a Python parent. */
    static byte[] encoded(String packageName, String fileName, String content) {
        return PickleWriter.toBytes(Tuple.of(packageName, fileName, new Encoded(content.getBytes(UTF_8))));
    }

    /** Returns what {@link #read} returns for the answer with that content. */
    static List<Object> answer(String packageName, String fileName, @Nullable String content) {
        byte[] bytes = content == null ? null : content.getBytes(UTF_8);
        return List.of(Tuple.of(packageName, fileName, bytes));
    }

    /** Returns the values of all pickles in the body. */
    static List<Object> read(Message message) {
        return PickleReader.readAll(message.body(), Globals.NONE);
    }
}
