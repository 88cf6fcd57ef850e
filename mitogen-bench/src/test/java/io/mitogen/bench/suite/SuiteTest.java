// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.work.Effort;
import io.mitogen.bench.work.Stand;
import io.mitogen.bench.work.Workload;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SuiteTest {
    private final Standstills standstills = new Standstills();
    private final Suite suite = new Suite(new Stand(Effort.SMOKE, null), standstills, line -> {});

    @AfterEach
    void close() {
        standstills.close();
    }

    @Test
    void shouldRunTheOthersWhenOneFails() throws Exception {
        Workload failing = workload("failing", () -> {
            throw new IllegalStateException("outer", new IllegalArgumentException("inner"));
        });
        Workload working = workload("working", () -> {});

        List<Result> results = suite.run(List.of(failing, working));

        assertEquals(
                List.of("failing", "working"), results.stream().map(Result::key).toList());
        String reason = results.get(0).failure();
        assertTrue(reason.contains("outer") && reason.contains("inner"), reason);
        assertTrue(results.get(1).atLeastHolds());
    }

    @Test
    void shouldTryAgainWhenTheProgramStoodStill() throws Exception {
        int[] runs = new int[1];
        Workload unlucky = workload("unlucky", () -> {
            if (runs[0]++ == 0) {
                standstills.onTick(TimeUnit.SECONDS.toNanos(5));
                throw new IllegalStateException("too late");
            }
        });

        Result result = suite.run(List.of(unlucky)).get(0);

        assertFalse(result.isFailure(), result.failure());
        assertEquals(2, runs[0]);
        assertTrue(result.notes().get(0).contains("stood still"), result.notes()::toString);
    }

    @Test
    void shouldEndTheWorkloadBeforeItEndsItselfWhenInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        boolean[] closed = new boolean[1];
        Thread main = Thread.currentThread();
        Workload hanging = workload("hanging", () -> {
            try {
                main.interrupt();
                never.await();
            } finally {
                closed[0] = true;
            }
        });

        assertThrows(InterruptedException.class, () -> suite.run(List.of(hanging)));

        assertTrue(closed[0], "the workload has ended");
    }

    private static Workload workload(String key, Work work) {
        return new Workload() {
            @Override
            public String key() {
                return key;
            }

            @Override
            public String title() {
                return "A workload of a test";
            }

            @Override
            public Result measure(Stand stand) throws Exception {
                work.run();
                return Result.of(key, title())
                        .figure(Figure.plain("figure", "s"))
                        .build();
            }
        };
    }

    private interface Work {
        void run() throws Exception;
    }
}
