// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kit's reader against what Python 3.11 prints of the same bytes: recorded pickles, and odd ones made by hand. */
final class RecordedPicklesTest {
    @Test
    void shouldReadWhatPythonReadsWhenItIsRecorded() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<?> recorded = recorded();
        for (Object each : recorded) {
            Map<?, ?> vector = (Map<?, ?>) each;
            String read = Repr.of(PickleIn.read(HexFormat.of().parseHex((String) vector.get("hex"))));
            if (!read.equals(vector.get("repr"))) {
                wrong.add(vector.get("name") + ": " + read + ", not " + vector.get("repr"));
            }
        }
        assertEquals(List.of(), wrong);
        assertFalse(recorded.size() < 100, "only " + recorded.size() + " values were compared");
    }

    private static List<?> recorded() throws IOException {
        try (InputStream in = RecordedPicklesTest.class.getResourceAsStream("/conformance/reprs.json")) {
            return (List<?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
