// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Structure;
import io.mitogen.core.testing.PythonValues.Pair;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The values that other tests compare with Python's. */
class PythonValuesTest {
    @Test
    void shouldBeTheSameAfterAWayThroughPickle() {
        Set<String> expressions = new HashSet<>();
        for (Pair pair : PythonValues.bothWays()) {
            Object again = PickleReader.fromBytes(PickleWriter.toBytes(pair.value()), Globals.STANDARD);
            assertTrue(Structure.isIsomorphic(pair.value(), again), pair::toString);
            assertTrue(expressions.add(pair.expression()), pair::toString);
        }
        assertEquals(PythonValues.bothWays().size(), expressions.size());
    }
}
