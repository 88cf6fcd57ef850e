// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.wire.MessageHeader;
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

/**
 * How many frames a second does a router forward on one core when both links are busy, and does it allocate (run with
 * {@code -prof gc})? The pipes are memory: what the kernel takes for them is {@link RouteBenchmark}'s question.
 */
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
public class ForwardBenchmark {
    private static final int FRAMES = 4096;

    /** Bytes of the body; a frame has 26 more. */
    @Param({"74", "4096", "131072"})
    private int bodyBytes;

    private MemoryRelay relay;
    private long expectedBytes;

    /** Makes a router with two links. */
    @Setup
    public void start() throws IOException {
        relay = new MemoryRelay(Frames.of(MemoryRelay.FROM, MemoryRelay.TO, bodyBytes));
    }

    /** Ends it, and checks that all frames have left. */
    @TearDown
    public void end() {
        long sentBytes = relay.sentBytes(); // so far: its end is told as well
        relay.close();
        if (sentBytes != expectedBytes) {
            throw new IllegalStateException("the router forwarded " + sentBytes + " bytes, not " + expectedBytes);
        }
    }

    /** Many frames in and out again. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void forward() {
        relay.receive(FRAMES);
        expectedBytes += (long) FRAMES * (MessageHeader.LENGTH + bodyBytes);
    }
}
