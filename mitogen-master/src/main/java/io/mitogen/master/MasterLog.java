// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.Printable;
import io.mitogen.logging.JulLevels;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The master's sink: {@code java.util.logging}, under the logger {@code mitogen}. Any thread.
 *
 * <p>Records contain text of other machines, and are safe in every handler: control characters, and line ends in names, become
 * visible, and further lines of a text are indented, so that none of them can pass for a record.
 *
 * <p>What contexts log goes to {@code mitogen.ctx.NAME}; the record's source class name is the original logger's name. A
 * program that configures no logging sees warnings and errors only. A context is told when it starts which level it shall
 * send, that of {@code mitogen} at that time; what arrives is not filtered by it again, unless {@code mitogen.ctx} or a logger
 * below it has a level of its own.
 */
final class MasterLog implements LogSink {
    private static final int MAX_SOURCE_CHARS = 256; // the limit of logger names in contexts

    private final Logger root;
    private final ContextLoggers contexts = new ContextLoggers();

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
        return root.isLoggable(JulLevels.toJul(level));
    }

    @Override
    public void log(String logger, int level, String text) {
        publish(Logger.getLogger(logger), logger, logger, level, text);
    }

    /** Logs what a context logged under {@code logger}. */
    void logOf(String contextName, String logger, int level, String text) {
        String name = ContextLoggers.nameOf(contextName);
        publish(contexts.nearest(name), name, logger, level, text);
    }

    private static void publish(Logger target, String name, String source, int level, String text) {
        LogRecord record = new LogRecord(JulLevels.toJul(level), Printable.indented(text));
        record.setLoggerName(name);
        record.setSourceClassName(Printable.line(source, MAX_SOURCE_CHARS));
        record.setSourceMethodName(null);
        target.log(record);
    }

    /** Returns the lowest of Python's levels that is logged at all: what children need not send is below it. */
    int threshold() {
        for (int level : JulLevels.pythonLevels()) {
            if (isEnabled(level)) {
                return level;
            }
        }
        return Log.ERROR + 1;
    }
}
