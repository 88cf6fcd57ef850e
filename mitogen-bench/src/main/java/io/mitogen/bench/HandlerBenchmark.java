// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Registration;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does a frame for this very context take from the read to its handler, and what does it allocate (run with -prof gc)? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class HandlerBenchmark {
    private static final int FRAMES = 4096;

    /** Bytes of the body; a frame has 26 more. */
    @Param({"74", "4096"})
    private int bodyBytes;

    private MemoryRelay relay;
    private long handled;

    /** Makes a router with a handler. */
    @Setup
    public void start() throws IOException {
        relay = new MemoryRelay(Frames.of(MemoryRelay.FROM, Identity.MASTER, bodyBytes));
        relay.router()
                .addHandler(Registration.of((message, link) -> handled += message.body().length)
                        .on(Frames.HANDLE));
    }

    /** Ends the router. */
    @TearDown
    public void end() {
        relay.close();
    }

    /** Many frames, each to the handler. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long dispatch() {
        relay.receive(FRAMES);
        return handled;
    }
}
