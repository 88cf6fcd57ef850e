// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void shouldIndentWhatIsInside() {
        assertEquals("""
                {
                  "a": [
                    1,
                    "b\\"\\u000a"
                  ]
                }
                """, Json.write(Map.of("a", List.of(1, "b\"\n"))));
    }

    @Test
    void shouldWriteNothingBetweenBracketsOfWhatIsEmpty() {
        assertEquals("{}\n", Json.write(Map.of()));
        assertEquals("[]\n", Json.write(List.of()));
    }

    @Test
    void shouldRefuseWhatHasNoJson() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(new StringBuilder()));
    }
}
