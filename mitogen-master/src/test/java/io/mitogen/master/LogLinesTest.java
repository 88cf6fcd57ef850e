// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.Threads;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LogLinesTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CountDownLatch isStuck = new CountDownLatch(1);
    private final CountDownLatch isFree = new CountDownLatch(1);

    /** As a terminal that is held from the first line on. */
    private final LogLines held = new LogLines(new OutputStream() {
        @Override
        public void write(int b) {
            printed.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            isStuck.countDown();
            try {
                isFree.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            printed.write(bytes, offset, count);
        }
    });

    private static LogRecord record(String text) {
        LogRecord record = new LogRecord(Level.INFO, text);
        record.setLoggerName("mitogen");
        return record;
    }

    private List<String> texts() {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst(".* mitogen: ", ""))
                .toList();
    }

    private Thread printOnHeldTerminal() throws InterruptedException {
        Thread stuck = Threads.daemon("log-test", () -> held.print(record("of a context")));
        stuck.start();
        isStuck.await();
        return stuck;
    }

    @Test
    void shouldLeaveRecordsToTheThreadThatPrintsWhenItIsHeld() throws InterruptedException {
        Thread stuck = printOnHeldTerminal();
        held.printOrLeave(record("first"));
        held.printOrLeave(record("second \u20ac"));

        assertEquals(List.of(), texts());
        isFree.countDown();
        stuck.join();
        assertEquals(List.of("of a context", "first", "second \u20ac"), texts());
    }

    @Test
    void shouldBoundWhatItLeavesAndCountTheRest() throws InterruptedException {
        Thread stuck = printOnHeldTerminal();
        String half = "x".repeat(LogLines.MAX_LEFT_CHARS / 2);
        for (int i = 0; i < 4; i++) {
            held.printOrLeave(record(half));
        }
        isFree.countDown();
        stuck.join();

        List<String> texts = texts();
        assertEquals(3, texts.size());
        assertTrue(texts.get(2).contains("[3 further records of this library were dropped"), texts.get(2));
    }

    @Test
    void shouldPrintARecordLongerThanWhatMayBeLeftWhenNobodyElsePrints() {
        isFree.countDown();
        held.printOrLeave(record("x".repeat(LogLines.MAX_LEFT_CHARS + 1)));

        assertEquals(1, texts().size());
    }
}
