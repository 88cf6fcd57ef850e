// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.logging.JulLevels;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MasterLogTest {
    private final Logger mitogen = Logger.getLogger("mitogen");
    private final Logger contexts = Logger.getLogger("mitogen.ctx");
    private final Level levelBefore = mitogen.getLevel();
    private final Level contextsBefore = contexts.getLevel();
    private final List<LogRecord> records = new ArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private MasterLog log;

    @BeforeEach
    void start() {
        mitogen.setLevel(null);
        contexts.setLevel(null);
        mitogen.addHandler(recorder);
        mitogen.setUseParentHandlers(false);
        log = new MasterLog();
    }

    @AfterEach
    void stop() {
        mitogen.removeHandler(recorder);
        mitogen.setUseParentHandlers(true);
        mitogen.setLevel(levelBefore);
        contexts.setLevel(contextsBefore);
    }

    @Test
    void shouldLeaveTheLevelToTheProgramAndItsRootLogger() {
        assertNull(mitogen.getLevel());
        assertEquals(Log.INFO, log.threshold());
    }

    @Test
    void shouldHaveContextsSendWhatALevelOrAHandlerTakes() {
        mitogen.setLevel(Level.FINE);
        recorder.setLevel(Level.WARNING);
        assertEquals(Log.WARNING, log.threshold());

        recorder.setLevel(Level.ALL);
        contexts.setLevel(Level.SEVERE);
        assertEquals(Log.ERROR, log.threshold());

        mitogen.setLevel(Level.SEVERE);
        contexts.setLevel(Level.FINER);
        assertEquals(8, log.threshold());
    }

    @Test
    void shouldHaveContextsSendWhatIsLogged() {
        mitogen.setLevel(JulLevels.IO);
        assertEquals(Log.IO, log.threshold());
        mitogen.setLevel(Level.FINE);
        assertEquals(Log.DEBUG, log.threshold());
        mitogen.setLevel(Level.SEVERE);
        assertEquals(Log.ERROR, log.threshold());
        mitogen.setLevel(Level.OFF);
        assertEquals(Log.ERROR + 1, log.threshold());
    }

    @Test
    void shouldNotFilterAgainWhatAContextSent() {
        log.logOf("web1", "com.acme", Log.DEBUG, "text {0}");

        LogRecord record = records.get(0);
        assertEquals("mitogen.ctx.web1", record.getLoggerName());
        assertEquals("com.acme", record.getSourceClassName());
        assertNull(record.getSourceMethodName());
        assertEquals(Level.FINE, record.getLevel());
        assertEquals("text {0}", record.getMessage());
    }

    @Test
    void shouldObeyTheLevelOfALoggerForSomeContexts() {
        Logger all = Logger.getLogger("mitogen.ctx.local");
        all.setLevel(Level.WARNING);
        log.logOf("local.17", "stdout", Log.INFO, "dropped");
        log.logOf("localhost", "stdout", Log.INFO, "another");
        log.logOf("local.17", "stdout", Log.WARNING, "kept");

        assertEquals(
                List.of("another", "kept"),
                records.stream().map(LogRecord::getMessage).toList());
        assertEquals("mitogen.ctx.local.17", records.get(1).getLoggerName());
        all.setLevel(null);
    }

    @Test
    void shouldMakeRecordsInWhichNothingCanPassForAnother() {
        log.logOf(
                "web\n1\u001b",
                "a\nNov 30 SEVERE\u202e" + "x".repeat(1000),
                Log.INFO,
                "one {0}\r\ntwo\u001b[2J\n\tthree");
        log.log("mitogen.router", Log.ERROR, "ours: \u009b\nNov 30");

        LogRecord record = records.get(0);
        assertEquals("mitogen.ctx.web\\u000a1\\u001b", record.getLoggerName());
        assertTrue(
                record.getSourceClassName().startsWith("a\\u000aNov 30 SEVERE\\u202exxx"), record.getSourceClassName());
        assertEquals(256, record.getSourceClassName().length());
        assertEquals("one {0}\n    two\\u001b[2J\n    \tthree", record.getMessage());
        String shown = new SimpleFormatter().format(record);
        assertTrue(shown.endsWith("\nINFO: one {0}\n    two\\u001b[2J\n    \tthree\n"), shown);
        assertEquals(1 + 3, shown.lines().count());
        assertEquals("ours: \\u009b\n    Nov 30", records.get(1).getMessage());
    }

    @Test
    void shouldMakeNoLoggerForANameAndBoundItsLength() {
        log.logOf("web2", "stdout", Log.INFO, "text");
        log.logOf("x..y.".repeat(100_000), "stdout", Log.INFO, "text");
        log.logOf("", "", Log.INFO, "");

        assertNull(LogManager.getLogManager().getLogger("mitogen.ctx.web2"));
        assertEquals(
                ContextLoggers.ROOT.length() + 1 + ContextLoggers.MAX_NAME_CHARS,
                records.get(1).getLoggerName().length());
        assertEquals("mitogen.ctx.", records.get(2).getLoggerName());
    }
}
