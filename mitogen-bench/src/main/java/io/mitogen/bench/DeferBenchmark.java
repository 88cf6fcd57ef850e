// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.loop.Broker;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take until a broker has run what another thread defers: one task to a broker that sleeps, and many at once? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class DeferBenchmark {
    private static final int MANY = 1000;

    private final Latch<Integer> done = new Latch<>();
    private Broker broker;
    private int count; // inside turns

    /** Starts the broker. */
    @Setup
    public void start() {
        broker = Broker.start("defer", 0, LogSink.NONE);
    }

    /** Ends it. */
    @TearDown
    public void end() {
        broker.close();
    }

    /** One task, waited for. */
    @Benchmark
    public Integer one() throws InterruptedException {
        broker.defer(this::report);
        return done.get();
    }

    /** Many tasks, of which the last is waited for; per task. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public Integer many() throws InterruptedException {
        for (int i = 1; i < MANY; i++) {
            broker.defer(this::count);
        }
        broker.defer(this::report);
        return done.get();
    }

    private void count() {
        count++;
    }

    private void report() {
        done.put(count);
    }
}
