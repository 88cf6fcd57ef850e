// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written can be read, and is the same. */
final class JsonProperties {
    @Property(tries = 300)
    void shouldBeReadAsWhatWasWritten(@ForAll("values") Object value) {
        String text = Json.write(value);

        assertEquals(expected(value), JsonText.parse(text), text);
    }

    @Property
    void shouldKeepSixDigits(@ForAll double value) {
        Object read = JsonText.parse(Json.write(value));

        if (Double.isFinite(value)) {
            assertEquals(value, (Double) read, Math.abs(value) * 1e-5, "read " + read);
        } else {
            assertEquals(null, read);
        }
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                Arbitraries.strings().all().asGeneric(),
                Arbitraries.strings().withChars("\"\\\n\t\u0000/a").asGeneric(),
                Arbitraries.integers().asGeneric(),
                Arbitraries.longs().between(-(1L << 53), 1L << 53).asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.just((Object) null));
        return nested(nested(leaf));
    }

    private static Arbitrary<Object> nested(Arbitrary<Object> inner) {
        return Arbitraries.oneOf(
                inner,
                inner.list().ofMaxSize(4).asGeneric(),
                Arbitraries.maps(Arbitraries.strings().all().ofMaxLength(5), inner)
                        .ofMaxSize(4)
                        .asGeneric());
    }

    /** Returns {@code value} with all numbers as doubles. */
    private static Object expected(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonProperties::expected).collect(java.util.stream.Collectors.toList());
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new HashMap<>();
            map.forEach((key, item) -> copy.put(key, expected(item)));
            return copy;
        }
        return value;
    }
}
