// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.conformance.wire.Json;
import io.mitogen.testkit.conformance.wire.PickleIn;
import io.mitogen.testkit.conformance.wire.Repr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The kit demands of Python 2 what Python 2 was recorded to do, and nothing else. */
final class Python2Test {
    private static final String THREE = "mitogen-0.3.3/py3.11";
    private static final String TWO = "mitogen-0.3.3/py2.7";

    private final Set<String> onlyThree = new TreeSet<>();
    private final Set<String> onlyTwo = new TreeSet<>();

    private void readRecorded() throws IOException {
        try (InputStream in = Python2Test.class.getResourceAsStream("/vectors/unpickle_accept_reject.json")) {
            Map<?, ?> all = (Map<?, ?>) Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            for (Object each : (List<?>) all.get("vectors")) {
                Map<?, ?> vector = (Map<?, ?>) each;
                Map<?, ?> results = (Map<?, ?>) vector.get("results");
                boolean isReadByThree = isRead(results.get(THREE));
                boolean isReadByTwo = isRead(results.get(TWO));
                if (isReadByThree != isReadByTwo) {
                    (isReadByThree ? onlyThree : onlyTwo).add((String) vector.get("name"));
                }
            }
        }
    }

    private static boolean isRead(Object result) {
        return (Boolean) ((Map<?, ?>) result).get("ok");
    }

    @Test
    void shouldSendPython2NothingThatItWasRecordedNotToRead() throws IOException {
        readRecorded();
        Set<String> leftOut = new TreeSet<>();
        for (Vectors.Vector vector : Vectors.opcodes()) {
            if (vector.accepted() && vector.isNew()) {
                leftOut.add(vector.name());
            }
        }
        assertEquals(onlyThree, leftOut);
        assertEquals(onlyTwo, PickleCases.READ_BY_PYTHON_2);
    }

    @Test
    void shouldFindNothingNewInWhatAnyMitogenWrote() {
        for (String version : List.of("python-3.11-0.3.3", "python-2.7-0.3.3", "python-3.11-0.3.52dev")) {
            Vectors.writtenBy(version)
                    .forEach(each -> assertTrue(!each.accepted() || !each.isNew(), () -> version + " " + each.name()));
        }
    }

    /** Python 2 keeps no order in its dicts. */
    @Test
    void shouldTakeDictsForEqualWhenTheirOrderDiffers() {
        Object two = value("python-2.7-0.3.3");
        Object three = value("python-3.11-0.3.3");
        assertNotEquals(Repr.of(three), Repr.of(two));
        assertEquals(Repr.sorted(three), Repr.sorted(two));
    }

    private static Object value(String version) {
        return Vectors.writtenBy(version).stream()
                .filter(each -> each.name().equals("proxy_connect_reply"))
                .map(each -> PickleIn.read(each.pickle()))
                .findFirst()
                .orElseThrow();
    }
}
