// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who gets which item of a latch, and what else ends a wait. */
final class LatchTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Latch<Object> latch = new Latch<>();

    @Test
    void shouldGiveItemsInTheirOrder() throws InterruptedException {
        latch.put(1);
        latch.put(null);
        latch.put(3);
        assertEquals(3, latch.size());
        assertEquals(1, latch.get());
        assertNull(latch.get());
        assertEquals(3, latch.poll("none"));
        assertEquals("none", latch.poll("none"));
    }

    @Test
    void shouldCarryItsOwnClassAsAnItem() throws InterruptedException {
        latch.put(Latch.class);
        assertSame(Latch.class, latch.get());
    }

    @Test
    void shouldServeSleepersInTheOrderTheyCame() throws Exception {
        List<Sleeper> sleepers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sleepers.add(new Sleeper());
        }
        for (int i = 0; i < 5; i++) {
            latch.put(i);
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(i, sleepers.get(i).result());
        }
    }

    @Test
    void shouldNotGiveAPromisedItemToOneWhoCameLater() throws Exception {
        Sleeper sleeper = new Sleeper();
        latch.put("promised");
        assertEquals(0, latch.size());
        assertEquals("none", latch.poll("none"));
        assertEquals("promised", sleeper.result());
    }

    @Test
    void shouldKeepAnItemThatCameBeforeTheInterrupt() throws Exception {
        FutureTask<Boolean> stillInterrupted = new FutureTask<>(() -> {
            assertEquals("item", latch.get());
            return Thread.interrupted();
        });
        Thread thread = start(stillInterrupted);
        synchronized (latch) { // the sleeper cannot look before both have happened
            latch.put("item");
            thread.interrupt();
        }
        assertTrue(stillInterrupted.get(20, TimeUnit.SECONDS), "the interrupt is still told");
        assertEquals(0, latch.size());
    }

    @Test
    void shouldNotLoseAnItemWhenAWaitIsInterrupted() throws Exception {
        Sleeper interrupted = new Sleeper();
        interrupted.thread.interrupt();
        assertEquals(InterruptedException.class, interrupted.failure().getClass());
        latch.put("item");
        assertEquals("item", latch.get());
    }

    @Test
    void shouldTimeOutAndLeaveNobodyBehind() throws InterruptedException {
        assertThrows(WaitTimeoutException.class, () -> latch.get(Deadline.after(Duration.ofMillis(20))));
        assertThrows(WaitTimeoutException.class, () -> latch.get(Deadline.after(Duration.ZERO)));
        latch.put("item");
        assertEquals("item", latch.get(Deadline.after(Duration.ZERO)));
    }

    @Test
    void shouldWakeEverybodyAndDropEverythingWhenClosed() throws Exception {
        Sleeper one = new Sleeper();
        Sleeper two = new Sleeper();
        latch.close("no more");
        latch.close("another reason");
        latch.put("too late");
        for (Sleeper sleeper : List.of(one, two)) {
            assertEquals("no more", sleeper.failure().getMessage());
        }
        assertEquals(
                "no more", assertThrows(LatchClosedException.class, latch::get).getMessage());
        assertThrows(LatchClosedException.class, latch::size);
        assertThrows(LatchClosedException.class, () -> latch.poll(null));
    }

    @Test
    void shouldKeepItsPromiseWhenClosedMeanwhile() throws Exception {
        Sleeper sleeper = new Sleeper();
        synchronized (latch) {
            latch.put("promised");
            latch.close("no more");
        }
        assertEquals("promised", sleeper.result());
    }

    @Test
    void shouldDeliverEveryItemOnceWhenTimeoutsAndInterruptsRaceWithPuts() throws Exception {
        int items = 20_000;
        AtomicInteger got = new AtomicInteger();
        List<Integer> received = Collections.synchronizedList(new ArrayList<>());
        List<FutureTask<Void>> tasks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                while (got.get() < items) {
                    try {
                        received.add((Integer) latch.get(Deadline.after(Duration.ofNanos(50_000))));
                        got.incrementAndGet();
                    } catch (WaitTimeoutException | InterruptedException expected) {
                        // nothing was taken: another round
                    }
                }
                return null;
            });
            tasks.add(task);
            threads.add(start(task, false));
        }
        for (int i = 0; i < items; i++) {
            latch.put(i);
            if (i % 64 == 0) {
                threads.get(i / 64 % 4).interrupt();
            }
        }
        for (FutureTask<Void> task : tasks) {
            task.get(30, TimeUnit.SECONDS);
        }
        List<Integer> sorted = new ArrayList<>(received);
        Collections.sort(sorted);
        assertEquals(items, sorted.size());
        for (int i = 0; i < items; i++) {
            assertEquals(i, sorted.get(i));
        }
    }

    @Test
    void shouldRefuseToCloseWithoutAReason() {
        assertThrows(NullPointerException.class, () -> latch.close(null));
    }

    @Test
    void shouldCountADeadlineRightWhenTheClockWraps() {
        ManualClock clock = new ManualClock(Long.MAX_VALUE - 10);
        Deadline deadline = Deadline.after(clock, Duration.ofNanos(100));
        assertEquals(100, deadline.remainingNs());
        clock.advanceNs(99);
        assertEquals(1, deadline.remainingNs());
        clock.advanceNs(1);
        assertTrue(deadline.isOver());
        assertEquals(0, Deadline.after(clock, Duration.ofSeconds(-5)).remainingNs());
        assertEquals(
                0, Deadline.after(clock, Duration.ofSeconds(Long.MIN_VALUE)).remainingNs());
        assertTrue(Deadline.after(clock, Duration.ofSeconds(Long.MAX_VALUE)).remainingNs() > Long.MAX_VALUE / 4);
        assertTrue(Deadline.never().remainingNs() > Long.MAX_VALUE / 4);
    }

    private static Thread start(FutureTask<?> task) {
        return start(task, true);
    }

    private static Thread start(FutureTask<?> task, boolean waitUntilAsleep) {
        Thread thread = Threads.daemon("latch-test", task);
        thread.start();
        if (waitUntilAsleep) {
            Eventually.until(
                    LONG,
                    "the thread sleeps",
                    () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        }
        return thread;
    }

    /** A thread that waits on the latch, asleep once this exists. */
    private final class Sleeper implements Callable<Object> {
        final FutureTask<Object> task = new FutureTask<>(this);
        final Thread thread = start(task);

        @Override
        public Object call() throws InterruptedException {
            return latch.get();
        }

        Object result() throws Exception {
            return task.get(20, TimeUnit.SECONDS);
        }

        Throwable failure() {
            return assertThrows(ExecutionException.class, this::result).getCause();
        }
    }
}
