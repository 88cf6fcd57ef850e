// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JulForwardingTest {
    private final Lines sink = new Lines();
    private final Logger root = Logger.getAnonymousLogger();

    @BeforeEach
    void install() {
        root.setUseParentHandlers(false);
        root.addHandler(new ConsoleHandler());
        sink.minLevel = Log.DEBUG;
        JulForwarding.install(root, sink);
    }

    private void log(Level level, String text, Object... parameters) {
        LogRecord record = new LogRecord(level, text);
        record.setLoggerName("com.acme");
        record.setParameters(parameters);
        root.log(record);
    }

    @Test
    void shouldTakeThePlaceOfTheHandlersThatPrint() {
        assertEquals(1, root.getHandlers().length);
        assertInstanceOf(JulHandler.class, root.getHandlers()[0]);
    }

    @Test
    void shouldForwardFromTheThresholdOfTheSinkOn() {
        log(Level.FINER, "finer");
        log(Level.FINE, "fine");
        log(Level.SEVERE, "{0} and {1}", "this", 2);

        assertEquals(Level.FINE, root.getLevel());
        assertEquals(List.of("com.acme 10 fine", "com.acme 40 this and 2"), sink.lines);
    }

    @Test
    void shouldForwardNothingWhenTheSinkWantsNothing() {
        sink.minLevel = Integer.MAX_VALUE;
        JulForwarding.install(root, sink);

        assertEquals(Level.OFF, root.getLevel());
    }

    @Test
    void shouldForwardEverythingWhenTheSinkWantsTheWire() {
        sink.minLevel = Log.IO;
        JulForwarding.install(root, sink);

        assertEquals(Level.ALL, root.getLevel());
    }

    @Test
    void shouldSpeakTheLanguageOfTheBundle() {
        LogRecord record = new LogRecord(Level.INFO, "key");
        record.setLoggerName("com.acme");
        record.setResourceBundle(new ListResourceBundle() {
            @Override
            protected Object[][] getContents() {
                return new Object[][] {{"key", "the text"}};
            }
        });
        root.log(record);

        assertEquals(List.of("com.acme 20 the text"), sink.lines);
    }

    @Test
    void shouldSurviveRecordsWithoutAnything() {
        root.log(new LogRecord(Level.INFO, null));

        assertEquals(List.of("anonymous 20 null"), sink.lines);
    }

    /** Keeps records as {@code logger level text}. */
    private static final class Lines implements LogSink {
        private final List<String> lines = new ArrayList<>();
        private int minLevel;

        @Override
        public boolean isEnabled(int level) {
            return level >= minLevel;
        }

        @Override
        public void log(String logger, int level, String text) {
            lines.add(logger + " " + level + " " + text);
        }
    }
}
