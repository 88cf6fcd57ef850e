// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The master's sink: {@code java.util.logging}, under the logger {@code mitogen}. Any thread.
 *
 * <p>What contexts log goes to {@code mitogen.ctx.NAME}; the record's source class name is the original logger's name. A
 * program that configures no logging sees warnings and errors only.
 */
final class MasterLog implements LogSink {
    /** Level of {@link Log#IO}, below all that {@code java.util.logging} has names for but {@code ALL}. */
    static final Level IO = new Level("IO", Level.FINEST.intValue() - 50) {
        private static final long serialVersionUID = 1;
    };

    private static final String CONTEXTS = "mitogen.ctx.";

    private final Logger root;

    MasterLog() {
        root = Logger.getLogger("mitogen");
        synchronized (root) {
            if (root.getLevel() == null) {
                root.setLevel(Level.WARNING);
            }
        }
    }

    @Override
    public boolean isEnabled(int level) {
        return root.isLoggable(toJul(level));
    }

    @Override
    public void log(String logger, int level, String text) {
        publish(Logger.getLogger(logger), logger, level, text);
    }

    /** Logs what a context logged under {@code logger}. */
    void logOf(String contextName, String logger, int level, String text) {
        publish(Logger.getLogger(CONTEXTS + contextName), logger, level, text);
    }

    private static void publish(Logger target, String source, int level, String text) {
        LogRecord record = new LogRecord(toJul(level), text);
        record.setLoggerName(target.getName());
        record.setSourceClassName(source);
        record.setSourceMethodName(null);
        target.log(record);
    }

    /** Returns the lowest of Python's levels that is logged at all: what children need not send is below it. */
    int threshold() {
        for (int level : new int[] {Log.IO, Log.DEBUG, Log.INFO, Log.WARNING, Log.ERROR}) {
            if (isEnabled(level)) {
                return level;
            }
        }
        return Integer.MAX_VALUE;
    }

    static Level toJul(int level) {
        if (level >= Log.ERROR) {
            return Level.SEVERE;
        }
        if (level >= Log.WARNING) {
            return Level.WARNING;
        }
        if (level >= Log.INFO) {
            return Level.INFO;
        }
        return level >= Log.DEBUG ? Level.FINE : IO;
    }
}
