// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Configures the logger {@code mitogen} of {@code java.util.logging} for programs that have no logging of their own. */
final class LogSetup {
    private static final String LEVEL_VARIABLE = "MITOGEN_LOG_LEVEL";

    // java.util.logging forgets the settings of a logger that nobody holds
    private static final Logger MITOGEN = Logger.getLogger("mitogen");

    private LogSetup() {}

    static Handler stderr() {
        return new LineHandler(new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err)));
    }

    static Handler file(Path file) throws IOException {
        return new LineHandler(Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Makes {@code handler} the only one of Mitogen's loggers, in place of an earlier one. */
    static synchronized void install(Handler handler) {
        Level level = level(System.getenv(LEVEL_VARIABLE));
        for (Handler old : MITOGEN.getHandlers()) {
            MITOGEN.removeHandler(old);
            old.close();
        }
        handler.setLevel(Level.ALL);
        MITOGEN.addHandler(handler);
        MITOGEN.setUseParentHandlers(false);
        MITOGEN.setLevel(level);
    }

    static Level level(String name) {
        if (name == null || name.isBlank()) {
            return Level.INFO;
        }
        switch (name.trim().toUpperCase(Locale.ROOT)) {
            case "IO":
                return MasterLog.IO;
            case "DEBUG":
                return Level.FINE;
            case "INFO":
                return Level.INFO;
            case "WARNING":
                return Level.WARNING;
            case "ERROR":
                return Level.SEVERE;
            default:
                throw new IllegalArgumentException(
                        LEVEL_VARIABLE + " is " + name + ", must be IO, DEBUG, INFO, WARNING or ERROR");
        }
    }

    /** Writes each record as one line at once. */
    private static final class LineHandler extends StreamHandler {
        LineHandler(OutputStream out) {
            super(out, new LineFormatter());
            try {
                setEncoding(StandardCharsets.UTF_8.name());
            } catch (java.io.UnsupportedEncodingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized void publish(LogRecord record) {
            super.publish(record);
            flush();
        }

        @Override
        public synchronized void close() {
            flush(); // standard error stays open; a file is closed with the process
        }
    }

    /** {@code 12:00:01.204 INFO    mitogen.ctx.web1 stdout: text}. */
    private static final class LineFormatter extends Formatter {
        private final DateTimeFormatter time =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

        @Override
        public String format(LogRecord record) {
            String logger = record.getLoggerName();
            String source = record.getSourceClassName();
            return time.format(Instant.ofEpochMilli(record.getMillis())) + " " + name(record.getLevel()) + logger
                    + (source == null || source.equals(logger) ? "" : " " + source) + ": " + record.getMessage() + "\n";
        }

        private static String name(Level level) {
            String name = level == Level.SEVERE ? "ERROR" : level == Level.FINE ? "DEBUG" : level.getName();
            return String.format(Locale.ROOT, "%-8s", name);
        }
    }
}
