// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.conformance.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kit's recorded pickles are those that the core is tested with. */
final class VectorsTest {
    @ParameterizedTest
    @CsvSource({
        "python-3.11-0.3.3, pickle_py311_mitogen-0.3.3",
        "python-3.11-0.3.52dev, pickle_py311_mitogen-0.3.52dev",
        "python-2.7-0.3.3, pickle_py27_mitogen-0.3.3",
        "python-2.7-0.3.52dev, pickle_py27_mitogen-0.3.52dev"
    })
    void shouldBeWhatWasRecordedWhenTheyAreRead(String version, String file) throws IOException {
        Map<String, String> recorded = new TreeMap<>();
        try (InputStream in = VectorsTest.class.getResourceAsStream("/vectors/" + file + ".json")) {
            Map<?, ?> all = (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            for (Object each : (List<?>) all.get("vectors")) {
                Map<?, ?> vector = (Map<?, ?>) each;
                if (vector.get("pickle_hex") != null) {
                    recorded.put((String) vector.get("name"), vector.get("accepted") + " " + vector.get("pickle_hex"));
                }
            }
        }
        Map<String, String> kept = new TreeMap<>();
        Vectors.writtenBy(version)
                .forEach(each -> kept.put(
                        each.name(), each.accepted() + " " + HexFormat.of().formatHex(each.pickle())));
        assertEquals(recorded, kept);
    }
}
