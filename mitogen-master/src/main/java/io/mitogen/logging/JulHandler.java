// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.logging;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Hands records of {@code java.util.logging} to a child's sink: logger and level stay, a stack trace follows the text. */
final class JulHandler extends Handler {
    private static final String ANONYMOUS = "anonymous";

    private final LogSink sink;

    JulHandler(LogSink sink) {
        this.sink = sink;
        setFormatter(new Text());
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        return super.isLoggable(record) && sink.isEnabled(JulLevels.toPython(record.getLevel()));
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String text;
        try {
            text = getFormatter().format(record);
        } catch (RuntimeException e) { // of a parameter that cannot print itself
            reportError(null, e, ErrorManager.FORMAT_FAILURE);
            text = String.valueOf(record.getMessage());
        }
        String logger = record.getLoggerName() == null ? ANONYMOUS : record.getLoggerName();
        sink.log(logger, JulLevels.toPython(record.getLevel()), text);
    }

    @Override
    public void flush() {}

    /** Does nothing: the sink lives as long as the process, and last words may follow. */
    @Override
    public void close() {}

    /** The text with its parameters, in the language of its bundle, and the stack trace. */
    private static final class Text extends Formatter {
        @Override
        public String format(LogRecord record) {
            String text = String.valueOf(formatMessage(record));
            Throwable thrown = record.getThrown();
            return thrown == null ? text : text + "\n" + Log.stackOf(thrown);
        }
    }
}
