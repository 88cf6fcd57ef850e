// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LineFormatterTest {
    private final LineFormatter formatter = new LineFormatter();

    private static LogRecord record(String logger, String source, String text) {
        LogRecord record = new LogRecord(Level.INFO, text);
        record.setLoggerName(logger);
        record.setSourceClassName(source);
        record.setInstant(LocalDateTime.of(2026, 11, 22, 12, 0, 1, 204_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        return record;
    }

    private String text(String text) {
        String line = formatter.format(record("mitogen.ctx.web1", "stdout", text));
        String head = "12:00:01.204 INFO    mitogen.ctx.web1 stdout: ";
        assertTrue(line.startsWith(head), line);
        assertTrue(line.endsWith("\n"), line);
        return line.substring(head.length(), line.length() - 1);
    }

    @Test
    void shouldNameTheSourceOfRecordsOfContextsOnly() {
        assertEquals(
                "12:00:01.204 INFO    mitogen.router: text\n",
                formatter.format(record("mitogen.router", "some.Class", "text")));
        assertEquals("text", text("text"));
    }

    @Test
    void shouldIndentFurtherLines() {
        assertEquals("one\n    two\n    \n    four", text("one\ntwo\r\n\nfour"));
    }

    @Test
    void shouldEscapeWhatCouldMoveTheCursorOrTurnTheText() {
        assertEquals("\\u001b[2J\\u000d\\u0008\\u007f\\u009b\\u0000", text("\u001b[2J\r\b\u007f\u009b\0"));
        assertEquals("\\u2028\\u2029\\u202e\\u2066", text("\u2028\u2029\u202e\u2066"));
        assertEquals("a\tb \u20ac \ud83d\ude00", text("a\tb \u20ac \ud83d\ude00"));
    }

    @Test
    void shouldEscapeNamesWhole() {
        assertEquals(
                "12:00:01.204 INFO    mitogen.ctx.web\\u000a1 a\\u000ab: text\n",
                formatter.format(record("mitogen.ctx.web\n1", "a\nb", "text")));
    }

    @Test
    void shouldCallLevelsAsTheVariableDoes() {
        LogRecord record = record("mitogen", "mitogen", "text");
        record.setLevel(Level.SEVERE);
        assertTrue(formatter.format(record).contains(" ERROR   mitogen: text"));
        record.setLevel(Level.FINE);
        assertTrue(formatter.format(record).contains(" DEBUG   mitogen: text"));
    }

    @Test
    void shouldPrintExceptionsAndParameters() {
        LogRecord record = record("mitogen", "mitogen", "text {0}");
        record.setParameters(new Object[] {5});
        record.setThrown(new IllegalStateException("bad"));
        String line = formatter.format(record);
        assertTrue(
                line.startsWith(
                        "12:00:01.204 INFO    mitogen: text 5\n    java.lang.IllegalStateException: bad\n    \tat "),
                line);
    }
}
