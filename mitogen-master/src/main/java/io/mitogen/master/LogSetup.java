// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.logging.JulLevels;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/** Configures the logger {@code mitogen} of {@code java.util.logging} for programs that have no logging of their own. */
final class LogSetup {
    static final String LEVEL_VARIABLE = "MITOGEN_LOG_LEVEL";

    // java.util.logging forgets the settings of a logger that nobody holds
    private static final Logger MITOGEN = Logger.getLogger("mitogen");

    private LogSetup() {}

    /** Logs to standard error, from the level that is called {@code levelName} on. */
    static void toStderr(@Nullable String levelName) {
        Level level = level(levelName);
        install(new LineHandler(new FileOutputStream(FileDescriptor.err), false), level);
    }

    /** Logs to a file, from the level that is called {@code levelName} on. */
    static void toFile(Path file, @Nullable String levelName) throws IOException {
        Level level = level(levelName);
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        install(new LineHandler(out, true), level);
    }

    /** Makes {@code handler} the one of these that is in use; handlers of the program stay. */
    private static synchronized void install(LineHandler handler, Level level) {
        for (Handler old : MITOGEN.getHandlers()) {
            if (old instanceof LineHandler) {
                MITOGEN.removeHandler(old);
                old.close();
            }
        }
        handler.setLevel(Level.ALL);
        MITOGEN.addHandler(handler);
        MITOGEN.setUseParentHandlers(false);
        MITOGEN.setLevel(level);
    }

    /** Returns the level of a name in {@value #LEVEL_VARIABLE}, INFO when it is not set. */
    static Level level(@Nullable String name) {
        if (name == null || name.isBlank()) {
            return Level.INFO;
        }
        switch (name.trim().toUpperCase(Locale.ROOT)) {
            case "IO":
                return JulLevels.IO;
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

    /** Writes each record at once. */
    private static final class LineHandler extends StreamHandler {
        private final boolean isOwner;

        /** @param isOwner whether {@code out} is closed with the handler */
        LineHandler(OutputStream out, boolean isOwner) {
            super(out, new LineFormatter());
            this.isOwner = isOwner;
            try {
                setEncoding(StandardCharsets.UTF_8.name());
            } catch (UnsupportedEncodingException e) {
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
            if (isOwner) {
                super.close();
            } else {
                flush();
            }
        }
    }
}
