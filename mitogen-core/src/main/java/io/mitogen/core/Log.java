// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * The library's own logging front: a name and a sink, no framework. Any thread.
 *
 * <p>Levels are the numbers of Python's {@code logging} module, because these cross the wire in FORWARD_LOG.
 */
public final class Log {
    /** Wire traffic, one line a message. */
    public static final int IO = 5;

    public static final int DEBUG = 10;
    public static final int INFO = 20;
    public static final int WARNING = 30;
    public static final int ERROR = 40;

    /** Longest beginning of a trace that is kept when the rest cannot be printed: its causes may have no end. */
    private static final int MAX_BROKEN_CHARS = 20_000;

    private final String name;
    private final LogSink sink;

    public Log(String name, LogSink sink) {
        this.name = name;
        this.sink = sink;
    }

    /** Returns a front with another name on the same sink. */
    public Log named(String other) {
        return new Log(other, sink);
    }

    public LogSink sink() {
        return sink;
    }

    public boolean isEnabled(int level) {
        return sink.isEnabled(level);
    }

    public void debug(String text) {
        log(DEBUG, text, null);
    }

    public void info(String text) {
        log(INFO, text, null);
    }

    public void warning(String text) {
        log(WARNING, text, null);
    }

    public void warning(String text, Throwable cause) {
        log(WARNING, text, cause);
    }

    public void error(String text) {
        log(ERROR, text, null);
    }

    public void error(String text, Throwable cause) {
        log(ERROR, text, cause);
    }

    /** Logs {@code text}, followed by the stack of {@code cause} when there is one. */
    public void log(int level, String text, @Nullable Throwable cause) {
        try {
            if (sink.isEnabled(level)) {
                sink.log(name, level, cause == null ? text : text + ": " + stackOf(cause));
            }
        } catch (RuntimeException | Error expected) {
            // a handler of the program failed, or memory ran out: no place is left to log it, and the caller may be the
            // broker
        }
    }

    /**
     * Returns the stack trace of {@code cause} with its causes, as the JDK prints it, without a trailing newline. Exceptions are users'
     * code: whatever their methods throw, and however many causes they have, this returns what was printed so far.
     */
    public static String stackOf(Throwable cause) {
        StringWriter text = new StringWriter();
        String end = "";
        try {
            cause.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException | Error broken) {
            end = "\n... (its printStackTrace() threw " + broken.getClass().getName() + ")";
        }
        StringBuffer printed = text.getBuffer();
        if (printed.length() == 0) {
            printed.append(cause.getClass().getName());
        } else if (!end.isEmpty() && printed.length() > MAX_BROKEN_CHARS) {
            printed.setLength(MAX_BROKEN_CHARS);
        }
        return text.toString().stripTrailing() + end;
    }
}
