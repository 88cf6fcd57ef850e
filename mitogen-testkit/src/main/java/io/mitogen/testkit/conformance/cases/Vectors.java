// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import io.mitogen.testkit.conformance.wire.Json;
import io.mitogen.testkit.conformance.wire.PickleError;
import io.mitogen.testkit.conformance.wire.PickleIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Pickles that were recorded from Mitogen for Python, and what it does with them. Any thread. */
public final class Vectors {
    private static final int BINBYTES = 'B';
    private static final int SHORT_BINBYTES = 'C';
    private static final int PROTO = 0x80;

    /** The first opcode of protocol 4; all later ones are larger. */
    private static final int SHORT_BINUNICODE = 0x8c;

    private static final Map<?, ?> ALL = read();

    /**
     * One of them.
     *
     * @param accepted whether Python's receivers accept it
     */
    record Vector(String name, byte[] pickle, boolean accepted) {
        /** Tells whether a protocol above 2 is needed to read it. */
        boolean isNew() {
            try {
                for (int opcode : PickleIn.opcodes(pickle)) {
                    if (opcode == BINBYTES || opcode == SHORT_BINBYTES || opcode >= SHORT_BINUNICODE) {
                        return true;
                    }
                }
            } catch (PickleError expected) { // an opcode that the kit itself does not read
                return true;
            }
            return pickle.length > 1 && (pickle[0] & 0xff) == PROTO && pickle[1] > 2;
        }
    }

    private Vectors() {}

    private static Map<?, ?> read() {
        try (InputStream in = new GZIPInputStream(Vectors.class.getResourceAsStream("vectors.json.gz"))) {
            return (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the recorded pickles of the kit cannot be read", e);
        }
    }

    /** Writes one file in JSON for each recording into {@code folder}; returns the files. {@code docs/vectors.md} tells their form. */
    public static List<Path> writeTo(Path folder) throws IOException {
        Map<String, Object> recordings = new TreeMap<>();
        ((Map<?, ?>) ALL.get("pickles")).forEach((version, vectors) -> recordings.put((String) version, vectors));
        recordings.put("opcodes", ALL.get("opcodes"));
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, Object> each : recordings.entrySet()) {
            Path file = folder.resolve(each.getKey() + ".json");
            Files.writeString(file, Json.write(each.getValue()) + "\n");
            files.add(file);
        }
        return files;
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
