// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** What the kit serves when a context asks for a module. Any thread. */
public interface Modules {
    /** Serves nothing. */
    Modules NONE = Modules::missing;

    /** Returns the body of the LOAD_MODULE that answers the request for {@code name}. */
    byte[] answer(String name);

    /** Returns the answer that there is no such module. */
    static byte[] missing(String name) {
        return PickleOut.toBytes(Tuple.of(name, null, null, null, Tuple.of()));
    }

    /**
     * Returns the answer with a module.
     *
     * @param children names of the modules directly below a package; null for what is none
     */
    static byte[] found(String name, List<String> children, byte[] content, List<String> related) {
        return PickleOut.toBytes(Tuple.of(name, children, "conformance/" + name, deflated(content), related));
    }

    static byte[] deflated(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
            deflater.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
