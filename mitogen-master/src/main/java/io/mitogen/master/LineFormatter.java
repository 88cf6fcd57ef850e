// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Prints {@code 12:00:01.204 INFO    mitogen.ctx.web1 stdout: text}: time, level, logger, and for a context's record its own
 * logger.
 *
 * <p>Text comes from other machines: it is {@link Printable}, and its further lines are indented, so that only records begin at
 * the margin. Any thread.
 */
final class LineFormatter extends Formatter {
    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord record) {
        String logger = String.valueOf(record.getLoggerName());
        StringBuilder line = new StringBuilder(128);
        line.append(time.format(Instant.ofEpochMilli(record.getMillis()))).append(' ');
        line.append(String.format(Locale.ROOT, "%-8s", name(record.getLevel())));
        line.append(Printable.line(logger));
        if (isOfContext(logger)) {
            line.append(' ').append(Printable.line(String.valueOf(record.getSourceClassName())));
        }
        String text = String.valueOf(formatMessage(record));
        Throwable thrown = record.getThrown();
        line.append(": ").append(Printable.indented(thrown == null ? text : text + "\n" + Log.stackOf(thrown)));
        return line.append('\n').toString();
    }

    private static boolean isOfContext(String logger) {
        return logger.startsWith(ContextLoggers.ROOT + ".");
    }

    private static String name(Level level) {
        return level == Level.SEVERE ? "ERROR" : level == Level.FINE ? "DEBUG" : level.getName();
    }
}
