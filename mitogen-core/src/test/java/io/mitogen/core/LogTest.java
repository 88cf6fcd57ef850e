// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {
    private final List<String> texts = new ArrayList<>();
    private final Log log = new Log("test", new LogSink() {
        @Override
        public boolean isEnabled(int level) {
            return true;
        }

        @Override
        public void log(String logger, int level, String text) {
            texts.add(text);
        }
    });

    /** Has a cause that has a cause, and so on without end. */
    private static final class Endless extends Exception {
        Endless() {
            super("endless", null, false, false);
        }

        @Override
        public Throwable getCause() {
            return new Endless();
        }
    }

    @Test
    void shouldNameAnExceptionWhoseTraceCannotBePrinted() {
        Exception mute = new Exception() {
            @Override
            public void printStackTrace(PrintWriter out) {
                throw new IllegalStateException();
            }
        };

        log.error("it failed", mute);

        assertEquals(
                List.of("it failed: " + mute.getClass().getName()
                        + "\n... (its printStackTrace() threw java.lang.IllegalStateException)"),
                texts);
    }

    @Test
    void shouldKeepTheBeginningOfATraceWhenTheChainOfItsCausesHasNoEnd() {
        log.error("it failed", new Endless());

        String name = Endless.class.getName();
        assertTrue(texts.get(0).startsWith("it failed: " + name + ": endless\nCaused by: " + name), texts.get(0));
        assertTrue(texts.get(0).length() < 100_000, texts.get(0).length() + " characters");
    }

    @Test
    void shouldKeepTheWholeTraceOfAnOrdinaryException() {
        log.error("it failed", new Exception("why", new Exception("root")));

        assertTrue(texts.get(0).startsWith("it failed: java.lang.Exception: why\n\tat "), texts.get(0));
        assertTrue(texts.get(0).contains("\nCaused by: java.lang.Exception: root\n\t... "), texts.get(0));
    }
}
