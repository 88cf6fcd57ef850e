// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldReadEveryKindOfValue() {
        Object value = Json.parse("{\"a\": [1, -2.5, true, false, null], \"\\u20ac\\n\\\"\": {}}");
        assertEquals("{a=[1, -2.5, true, false, null], \u20ac\n\"={}}", value.toString());
    }

    @Test
    void shouldRefuseTextBehindTheValue() {
        assertThrows(IllegalArgumentException.class, () -> Json.parse("1 2"));
    }
}
