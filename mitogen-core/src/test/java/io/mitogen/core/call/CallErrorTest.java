// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallErrorTest {
    /** Has the methods of an exception that users override, and no stack of its own. */
    private static class Odd extends Exception implements Iterable<Throwable> {
        Odd(String message) {
            this(message, null);
        }

        Odd(String message, Throwable cause) {
            super(message, cause, true, false);
        }

        @Override
        public Iterator<Throwable> iterator() {
            return Stream.<Throwable>empty().iterator();
        }
    }

    private static CallError of(Throwable thrown) {
        return CallError.of(thrown, CallErrorTest.class);
    }

    private static Exception stackless(String message) {
        return new Odd(message);
    }

    @Test
    void shouldTellOfAnExceptionWhateverItsMethodsReturn() {
        Exception nulls = new Odd("all null") {
            @Override
            public StackTraceElement[] getStackTrace() {
                return null;
            }

            @Override
            public Iterator<Throwable> iterator() {
                return null;
            }
        };
        assertEquals(nulls.getClass().getName() + ": all null", of(nulls).text());

        Exception nullFrame = new Odd("null frame") {
            @Override
            public StackTraceElement[] getStackTrace() {
                return new StackTraceElement[] {null};
            }

            @Override
            public String toString() {
                return null;
            }
        };
        assertTrue(of(nullFrame).text().startsWith(nullFrame.getClass().getName() + ": "));
    }

    @Test
    void shouldTellOfAnExceptionWhateverItsMethodsThrow() {
        Exception broken = new Odd("fine") {
            @Override
            public String toString() {
                throw new IllegalStateException();
            }

            @Override
            public Throwable getCause() {
                throw new StackOverflowError();
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException();
            }

            @Override
            public Iterator<Throwable> iterator() {
                throw new IllegalStateException();
            }
        };
        assertEquals(broken.getClass().getName() + ": fine", of(broken).text());
    }

    @Test
    void shouldKeepSuppressedExceptionsWithTheirCauses() {
        Exception main = new Odd("main", stackless("root"));
        main.addSuppressed(new Odd("closing", stackless("why closing failed")));
        String odd = Odd.class.getName();
        assertEquals(
                odd + ": main\n\tSuppressed: " + odd + ": closing\n\tCaused by: " + odd
                        + ": why closing failed\nCaused by: " + odd + ": root",
                of(main).text());
    }

    @Test
    void shouldIndentTheStackOfASuppressedException() {
        Exception main = new Exception("main");
        Exception closing = new Exception("closing");
        closing.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 7)});
        main.addSuppressed(closing);

        String text = of(main).text();

        assertTrue(text.endsWith("\n\tSuppressed: java.lang.Exception: closing\n\t\tat a.B.c(B.java:7)"), text);
    }

    @Test
    void shouldFollowTheChainOfASqlException() {
        SQLException first = new SQLException("first, call getNextException");
        first.setNextException(new SQLException("second"));
        first.getNextException().setNextException(new SQLException("third"));
        first.initCause(stackless("root"));

        String text = of(first).text();

        assertTrue(text.contains("\nCaused by: " + Odd.class.getName() + ": root"), text);
        assertTrue(text.contains("\n\tNext: java.sql.SQLException: second"), text);
        assertTrue(text.contains("\n\t\tNext: java.sql.SQLException: third"), text);
        assertEquals(text.indexOf("root"), text.lastIndexOf("root"));
    }

    @Test
    void shouldEndAtAChainWithoutEnd() {
        Exception endless = new Odd("endless") {
            @Override
            public Iterator<Throwable> iterator() {
                return Stream.<Throwable>generate(() -> this).iterator();
            }
        };
        assertEquals(endless.getClass().getName() + ": endless", of(endless).text());
    }

    @Test
    void shouldSayWhatAnOverriddenToStringSays() {
        Exception coded = new Odd("no space") {
            @Override
            public String toString() {
                return "E42 (disk): " + getMessage();
            }
        };
        assertEquals(
                coded.getClass().getName() + ": E42 (disk): no space", of(coded).text());
        assertEquals("java.lang.Exception: ", firstLine(new Exception()));
        assertEquals("java.lang.Exception: said", firstLine(new Exception("said")));
    }

    private static String firstLine(Exception e) {
        return of(e).text().lines().findFirst().orElseThrow();
    }

    @Test
    void shouldBeTakenApartAgain() {
        Exception main = stackless("main");
        main.addSuppressed(stackless("closing"));

        CallException arrived = FailureText.exception("call", of(main).text());

        assertEquals(Odd.class.getName(), arrived.remoteType());
        assertEquals("main", arrived.remoteMessage());
        assertEquals("\tSuppressed: " + Odd.class.getName() + ": closing", arrived.remoteStack());
        assertFalse(arrived.remoteMessage().contains("closing"));
    }
}
