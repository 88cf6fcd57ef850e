// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.route.Link;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to find the link that leads to a context, among few and among many routes? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class RouteLookupBenchmark {
    private static final int FIRST_ID = 10;
    private static final int LOOKUPS = 1024;

    /** Contexts that have a route. */
    @Param({"10", "1000"})
    private int routes;

    private MemoryRelay relay;
    private int[] wanted;
    private int next;

    /** Makes a router with so many routes, and decides on what is looked up. */
    @Setup
    public void start() throws IOException {
        relay = new MemoryRelay(Frames.of(MemoryRelay.FROM, MemoryRelay.TO, 0));
        Link link = relay.router().route(MemoryRelay.TO);
        for (int i = 0; i < routes; i++) {
            int id = FIRST_ID + i;
            relay.router().broker().runInTurn(() -> relay.router().addRoute(id, link));
        }
        wanted = new Random(1).ints(LOOKUPS, FIRST_ID, FIRST_ID + routes).toArray();
    }

    /** Ends the router. */
    @TearDown
    public void end() {
        relay.close();
    }

    /** One lookup. */
    @Benchmark
    public Link find() {
        next = (next + 1) % LOOKUPS;
        return relay.router().route(wanted[next]);
    }
}
