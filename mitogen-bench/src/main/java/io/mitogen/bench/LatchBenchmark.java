// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to hand something to a thread that waits for it, and to be handed it back? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class LatchBenchmark {
    private final Latch<Integer> there = new Latch<>();
    private final Latch<Integer> back = new Latch<>();
    private Thread other;

    /** Starts a thread that hands back what it gets. */
    @Setup
    public void start() {
        other = new Thread(this::handBack, "latch");
        other.start();
    }

    private void handBack() {
        try {
            while (true) {
                back.put(there.get());
            }
        } catch (LatchClosedException | InterruptedException expected) {
            // the benchmark is over
        }
    }

    /** Ends the thread. */
    @TearDown
    public void end() throws InterruptedException {
        there.close("the benchmark is over");
        other.join();
    }

    /** To another thread and back. */
    @Benchmark
    public Integer thereAndBack() throws InterruptedException {
        there.put(1);
        return back.get();
    }

    /** Into a latch and out of it, on one thread: nobody waits. */
    @Benchmark
    public Integer putAndGet() throws InterruptedException {
        back.put(1);
        return back.get();
    }
}
