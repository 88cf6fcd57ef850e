// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order of a lane, and that nothing stops it. */
final class LaneTest {
    @Test
    void shouldRunTasksOneAtATimeInTheOrderOfEachThread() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Lane lane = new Lane(pool);
        int threads = 4;
        int tasks = 5_000;
        int[] last = new int[threads]; // the lane guards it
        AtomicBoolean running = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger faults = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            int own = t;
            Threads.daemon("lane-test", () -> {
                        for (int i = 1; i <= tasks; i++) {
                            int number = i;
                            lane.execute(() -> {
                                if (!running.compareAndSet(false, true) || last[own] != number - 1) {
                                    faults.incrementAndGet();
                                }
                                last[own] = number;
                                running.set(false);
                                done.incrementAndGet();
                            });
                        }
                    })
                    .start();
        }
        Eventually.until(Duration.ofSeconds(20), "all tasks ran", () -> done.get() == threads * tasks);
        pool.shutdown();
        assertEquals(0, faults.get());
    }

    @Test
    void shouldGoOnBehindATaskThatThrowsEvenWhenItsReportThrows() {
        ArrayDeque<Runnable> handed = new ArrayDeque<>();
        Lane lane = new Lane(handed::add);
        List<String> seen = new ArrayList<>();
        Thread current = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = current.getUncaughtExceptionHandler();
        current.setUncaughtExceptionHandler((thread, failure) -> {
            seen.add(failure.getMessage());
            throw new IllegalStateException("the handler fails as well");
        });
        try {
            lane.execute(() -> {
                throw new IllegalStateException("first");
            });
            lane.execute(() -> seen.add("second"));
            handed.remove().run();
        } finally {
            current.setUncaughtExceptionHandler(before);
        }
        assertEquals(List.of("first", "second"), seen);
        assertTrue(handed.isEmpty(), "one hand-over for both");
    }

    @Test
    void shouldRunLaterTasksWhenTheExecutorRefusedOne() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        List<String> seen = new ArrayList<>();
        Lane lane = new Lane(work -> {
            if (refuses.get()) {
                throw new RejectedExecutionException("full");
            }
            work.run();
        });
        assertThrows(RejectedExecutionException.class, () -> lane.execute(() -> seen.add("refused")));
        refuses.set(false);
        lane.execute(() -> seen.add("taken"));
        assertEquals(List.of("taken"), seen);
        assertFalse(seen.contains("refused"));
    }
}
