// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take until a local context is ready? */
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 20)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class BootBenchmark {
    private Broker broker;
    private MasterRouter router;
    private Context context;

    /** Starts the master. */
    @Setup
    public void start() {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    /** Ends the context of one measurement, which is no part of it. */
    @TearDown(Level.Invocation)
    public void endContext() {
        context.shutdown();
        context.gone().join();
    }

    /** Ends the master. */
    @TearDown
    public void end() {
        router.close();
        broker.close();
    }

    /** One connect. */
    @Benchmark
    public Context connect() {
        context = router.local();
        return context;
    }
}
