// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.testing.WireBytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long arrays are not copied before they are sent, and yet their owner may change them when a call is over. */
class LentArraysTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LENGTH = 900_000;
    private static final BlockingQueue<byte[]> CAME = new LinkedBlockingQueue<>();
    private static final byte[] KEPT = new byte[LENGTH];

    private final RecordingSink log = new RecordingSink();
    private final LinkedRouters tree = new LinkedRouters(log);
    private final LinkedRouters.Node node = tree.child(1);
    private final Context child = tree.master().context(node);

    @AfterEach
    void end() {
        tree.close();
        log.check();
    }

    @Test
    void shouldSendTheArgumentsAsTheyWereWhenTheCallIsInterruptedBeforeTheyAreWritten() throws Exception {
        byte[] argument = WireBytes.pattern(LENGTH);
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Thread stopped = new Thread(() -> node.router().broker().runInTurn(() -> {
            stands.countDown();
            await(goesOn);
        }));
        stopped.start();
        await(stands);
        FutureTask<Void> call = new FutureTask<>(
                () -> {
                    assertThrows(CallInterruptedException.class, () -> child.call(LentArraysTest::take, argument));
                },
                null);
        Thread caller = new Thread(call);
        caller.start();
        Eventually.until(
                SOON,
                "a part of the call is written",
                () -> tree.master().router().route(1).stream().queuedBytes() > 0);
        caller.interrupt();
        call.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        Arrays.fill(argument, (byte) 0);
        goesOn.countDown();
        stopped.join();

        assertArrayEquals(WireBytes.pattern(LENGTH), CAME.poll(SOON.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldReturnTheResultAsItWasWhenTheFunctionChangesItInTheNextCall() {
        for (int i = 1; i < 20; i++) {
            byte[] expected = new byte[LENGTH];
            Arrays.fill(expected, (byte) i);
            assertArrayEquals(expected, child.call(LentArraysTest::fill, i));
        }
    }

    @Test
    void shouldGiveNobodyTheArrayOfItsSenderInTheSameContext() throws Exception {
        byte[] argument = WireBytes.pattern(LENGTH);
        Context self = node.contexts().get(1, "child1");
        self.call(LentArraysTest::take, argument);
        byte[] came = CAME.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
        assertArrayEquals(argument, came);
        assertNotSame(argument, came);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void take(byte[] bytes) {
        CAME.add(bytes);
    }

    static byte[] fill(int value) {
        Arrays.fill(KEPT, (byte) value);
        return KEPT;
    }
}
