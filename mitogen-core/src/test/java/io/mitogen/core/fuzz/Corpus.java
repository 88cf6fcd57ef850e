// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.fuzz;

import io.mitogen.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The seeds of a fuzz: recorded pickles and frames, and inputs that failed once. Any thread. */
public final class Corpus {
    private Corpus() {}

    /** Returns the recorded pickles, good and bad. */
    public static List<byte[]> pickles() {
        List<byte[]> all = new ArrayList<>();
        for (String file : new String[] {"py27_mitogen-0.3.3", "py311_mitogen-0.3.52dev"}) {
            addAll(all, Json.resource("/vectors/pickle_" + file + ".json").get("vectors"), "pickle_hex");
        }
        addAll(all, Json.resource("/vectors/unpickle_accept_reject.json").get("vectors"), "data_hex");
        for (Object session : Json.object(
                        Json.resource("/vectors/sessions_mitogen-0.3.3.json").get("sessions"))
                .values()) {
            addAll(all, session, "data_hex");
        }
        return all;
    }

    /** Returns the recorded frames. */
    public static List<byte[]> frames() {
        List<byte[]> all = new ArrayList<>();
        for (String version : new String[] {"0.3.3", "0.3.52dev"}) {
            addAll(
                    all,
                    Json.resource("/vectors/frames_mitogen-" + version + ".json")
                            .get("frames"),
                    "frame_hex");
        }
        return all;
    }

    private static void addAll(List<byte[]> all, Object vectors, String field) {
        for (Map<String, Object> vector : Json.objects(vectors)) {
            if (vector.get(field) instanceof String) {
                all.add(HexFormat.of().parseHex((String) vector.get(field)));
            }
        }
    }

    /** Returns the inputs that failed once, by the names of their files in a folder of the resources. */
    public static Map<String, byte[]> kept(String folder) {
        Map<String, byte[]> kept = new LinkedHashMap<>();
        try (Stream<Path> files =
                Files.list(Path.of(Corpus.class.getResource("/fuzz/" + folder).toURI()))) {
            for (Path file : files.sorted().toList()) {
                kept.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
