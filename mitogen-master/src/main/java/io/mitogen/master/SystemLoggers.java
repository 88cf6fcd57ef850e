// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.util.ServiceConfigurationError;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The loggers of a {@link System.LoggerFinder} that the program brought. Any thread. */
final class SystemLoggers {
    private SystemLoggers() {}

    /** Tells whether the program brought one; finds out on the first call. */
    static boolean exist() {
        return Finder.IS_OF_PROGRAM;
    }

    static boolean isLoggable(String name, Level level) {
        return System.getLogger(name).isLoggable(toSystem(level));
    }

    static void log(String name, Level level, String text) {
        System.getLogger(name).log(toSystem(level), text);
    }

    private static System.Logger.Level toSystem(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return System.Logger.Level.ERROR;
        } else if (value >= Level.WARNING.intValue()) {
            return System.Logger.Level.WARNING;
        } else if (value >= Level.INFO.intValue()) {
            return System.Logger.Level.INFO;
        }
        return value >= Level.FINE.intValue() ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
    }

    /** Looks at the finder when it is first needed. */
    private static final class Finder {
        static final boolean IS_OF_PROGRAM = isOfProgram();

        private static boolean isOfProgram() {
            try {
                Module module = System.LoggerFinder.getLoggerFinder().getClass().getModule();
                return module != Object.class.getModule() && module != Logger.class.getModule();
            } catch (ServiceConfigurationError
                    | RuntimeException expected) { // it cannot be had: the JDK does without, too
                return false;
            }
        }
    }
}
