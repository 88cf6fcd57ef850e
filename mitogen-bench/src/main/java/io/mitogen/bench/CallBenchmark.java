// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
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

/** How long does a call take, to a context in this process and to one in another? */
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class CallBenchmark {
    /** Where the function runs. */
    @Param({"inprocess", "local"})
    public String where;

    private Broker broker;
    private MasterRouter router;
    private Context context;

    /** Starts the context. */
    @Setup
    public void start() {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        context = router.connect(where.equals("local") ? Local.create() : InProcess.create());
    }

    /** Ends it. */
    @TearDown
    public void end() {
        router.close();
        broker.close();
    }

    /** One call, with its answer. */
    @Benchmark
    public int call() {
        return context.call(Numbers::add, 1, 2);
    }
}
