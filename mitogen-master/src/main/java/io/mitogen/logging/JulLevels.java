// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.logging;

import io.mitogen.core.Log;
import java.util.logging.Level;

/**
 * The levels of {@code java.util.logging} and their numbers on the wire, which are those of Python's {@code logging}. Python has
 * no names for what lies between them, only numbers: CONFIG is 15, FINER 8, FINEST 6. Each of these levels survives the way there
 * and back; any other becomes the next lower one. Any thread.
 */
public final class JulLevels {
    /** Level of {@link Log#IO}, below all that {@code java.util.logging} has names for but {@code ALL}. */
    public static final Level IO = new NamedLevel("IO", Level.FINEST.intValue() - 50);

    private static final Level[] JUL = {
        IO, Level.FINEST, Level.FINER, Level.FINE, Level.CONFIG, Level.INFO, Level.WARNING, Level.SEVERE
    };

    private static final int[] PYTHON = {Log.IO, 6, 8, Log.DEBUG, 15, Log.INFO, Log.WARNING, Log.ERROR};

    private JulLevels() {}

    /** Returns the numbers that have a level here, ascending. */
    public static int[] pythonLevels() {
        return PYTHON.clone();
    }

    /** Returns the level of a number of Python's; what is below all is {@link #IO}. */
    public static Level toJul(int python) {
        for (int i = PYTHON.length - 1; i > 0; i--) {
            if (python >= PYTHON[i]) {
                return JUL[i];
            }
        }
        return IO;
    }

    /** Returns Python's number of a level; what is below all is {@link Log#IO}. */
    public static int toPython(Level level) {
        for (int i = JUL.length - 1; i > 0; i--) {
            if (level.intValue() >= JUL[i].intValue()) {
                return PYTHON[i];
            }
        }
        return Log.IO;
    }

    private static final class NamedLevel extends Level {
        private static final long serialVersionUID = 1;

        NamedLevel(String name, int value) {
            super(name, value);
        }
    }
}
