// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever sends one byte now and then keeps nobody waiting. */
@Timeout(60)
final class TimedReadTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void shouldNotWaitForAReadThatTakesForEver() {
        CountDownLatch never = new CountDownLatch(1);
        assertThrows(
                TimeoutException.class,
                () -> TimedRead.await(
                        "test",
                        () -> {
                            never.await();
                            return 0;
                        },
                        SHORT));
        never.countDown();
    }

    @Test
    void shouldReturnOrThrowWhatTheReadDoes() throws Exception {
        assertEquals(5, TimedRead.await("test", () -> 5, LONG));
        Deviation deviation = new Deviation("this", "that");
        assertSame(
                deviation,
                assertThrows(
                        Deviation.class,
                        () -> TimedRead.await(
                                "test",
                                () -> {
                                    throw deviation;
                                },
                                LONG)));
        IOException e = assertThrows(
                IOException.class,
                () -> TimedRead.await(
                        "test",
                        () -> {
                            throw new IllegalStateException("broken");
                        },
                        LONG));
        assertEquals("broken", e.getMessage());
    }
}
