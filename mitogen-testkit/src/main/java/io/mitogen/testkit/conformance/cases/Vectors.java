// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Pickles that were recorded from Mitogen for Python, and what it does with them. Any thread. */
final class Vectors {
    private static final Map<?, ?> ALL = read();

    /**
     * One of them.
     *
     * @param accepted whether Python's receivers accept it
     */
    record Vector(String name, byte[] pickle, boolean accepted) {}

    private Vectors() {}

    private static Map<?, ?> read() {
        try (InputStream in = new GZIPInputStream(Vectors.class.getResourceAsStream("vectors.json.gz"))) {
            return (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the recorded pickles of the kit cannot be read", e);
        }
    }

    /** Returns what one version wrote, such as {@code python-3.11-0.3.3}. */
    static List<Vector> writtenBy(String version) {
        return list(((Map<?, ?>) ALL.get("pickles")).get(version));
    }

    /** Returns pickles made by hand, which no Mitogen writes. */
    static List<Vector> opcodes() {
        return list(ALL.get("opcodes"));
    }

    private static List<Vector> list(Object array) {
        List<Vector> vectors = new ArrayList<>();
        for (Object each : (List<?>) array) {
            Map<?, ?> fields = (Map<?, ?>) each;
            vectors.add(new Vector(
                    (String) fields.get("name"), HexFormat.of().parseHex((String) fields.get("hex")), (Boolean)
                            fields.get("accepted")));
        }
        return vectors;
    }
}
