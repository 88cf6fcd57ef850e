// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
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
 * <p>Text comes from other machines. Its further lines are indented, so that only records begin at the margin, and whatever
 * else could move a cursor, or show text in another order than it is written, appears as {@code \}{@code uXXXX}; a tab stays.
 * Any thread.
 */
final class LineFormatter extends Formatter {
    private static final String INDENT = "\n    ";

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord record) {
        String logger = String.valueOf(record.getLoggerName());
        StringBuilder line = new StringBuilder(128);
        line.append(time.format(Instant.ofEpochMilli(record.getMillis()))).append(' ');
        line.append(String.format(Locale.ROOT, "%-8s", name(record.getLevel())));
        appendName(line, logger);
        if (isOfContext(logger)) {
            line.append(' ');
            appendName(line, String.valueOf(record.getSourceClassName()));
        }
        line.append(": ");
        appendText(line, String.valueOf(formatMessage(record)));
        if (record.getThrown() != null) {
            line.append(INDENT);
            appendText(line, Log.stackOf(record.getThrown()));
        }
        return line.append('\n').toString();
    }

    private static boolean isOfContext(String logger) {
        return logger.startsWith(ContextLoggers.ROOT + ".");
    }

    private static String name(Level level) {
        return level == Level.SEVERE ? "ERROR" : level == Level.FINE ? "DEBUG" : level.getName();
    }

    private static void appendName(StringBuilder line, String name) {
        for (int i = 0; i < name.length(); i++) {
            append(line, name.charAt(i));
        }
    }

    private static void appendText(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append(INDENT);
            } else if (c == '\t') {
                line.append(c);
            } else if (c != '\r' || i + 1 == text.length() || text.charAt(i + 1) != '\n') {
                append(line, c);
            }
        }
    }

    private static void append(StringBuilder line, char c) {
        if (Character.isISOControl(c) || isLineEnd(c) || isDirection(c)) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
            line.append(c);
        }
    }

    private static boolean isLineEnd(char c) {
        return c == '\u2028' || c == '\u2029';
    }

    /** Tells whether it changes the direction in which text is shown. */
    private static boolean isDirection(char c) {
        return c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
    }
}
