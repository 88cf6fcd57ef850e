// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

final class JulLevelsTest {
    @Test
    void shouldBringEachNamedLevelThereAndBack() {
        for (Level level : new Level[] {
            Level.FINEST, Level.FINER, Level.FINE, Level.CONFIG, Level.INFO, Level.WARNING, Level.SEVERE, JulLevels.IO
        }) {
            assertEquals(level, JulLevels.toJul(JulLevels.toPython(level)));
        }
        for (int python : JulLevels.pythonLevels()) {
            assertEquals(python, JulLevels.toPython(JulLevels.toJul(python)));
        }
    }

    @Test
    void shouldUseThePythonNumbersThatHaveNames() {
        assertEquals(Log.DEBUG, JulLevels.toPython(Level.FINE));
        assertEquals(Log.INFO, JulLevels.toPython(Level.INFO));
        assertEquals(Log.WARNING, JulLevels.toPython(Level.WARNING));
        assertEquals(Log.ERROR, JulLevels.toPython(Level.SEVERE));
        assertTrue(JulLevels.toPython(Level.FINER) < Log.DEBUG);
    }

    @Test
    void shouldRoundDownWhatHasNoName() {
        assertEquals(Level.SEVERE, JulLevels.toJul(50));
        assertEquals(Level.INFO, JulLevels.toJul(29));
        assertEquals(Level.CONFIG, JulLevels.toJul(19));
        assertEquals(JulLevels.IO, JulLevels.toJul(Integer.MIN_VALUE));
        assertEquals(Level.SEVERE, JulLevels.toJul(Integer.MAX_VALUE));
        assertEquals(Log.IO, JulLevels.toPython(Level.ALL));
        assertEquals(Log.ERROR, JulLevels.toPython(Level.OFF));
    }

    @Test
    void shouldNeverOrderTwoLevelsOtherwise() {
        for (int python = -5; python < 60; python++) {
            assertTrue(
                    JulLevels.toJul(python).intValue()
                            <= JulLevels.toJul(python + 1).intValue(),
                    "at " + python);
        }
    }
}
