// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Samples;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Starting many local contexts at once, until the last is ready. Thread of the suite. */
public final class ConnectBurst implements Workload {
    @Override
    public String key() {
        return "connect_burst";
    }

    @Override
    public String title() {
        return "50 local contexts at once, until all are ready, for each";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 2, 6);
        int contexts = stand.effort().of(3, 50, 50);
        Figure each = Figure.plain("each of " + contexts + " at once", "ms");
        Mitogen.run(router -> {
            Timing.end(router.local()); // so that the master has what it sends; Python's, too
            stand.python(new Samples(), "connect", 1);
            for (int round = 0; round < rounds; round++) {
                each.ours().add(burst(router, contexts));
                stand.python(each.python(), "burst", contexts);
            }
        });
        return Result.of(key(), title())
                .figure(each)
                .atMost("each / Python's", each.toPython(), 1.0, 0.6)
                .note("Python Mitogen has no call that begins to connect: it is called from a thread for each context.")
                .build();
    }

    /** Returns the milliseconds for each context. */
    static double burst(MasterRouter router, int count) throws Exception {
        List<Context> contexts = new ArrayList<>();
        double ms = connect(router, count, contexts);
        Timing.endAll(contexts);
        return ms;
    }

    private static double connect(MasterRouter router, int count, List<Context> contexts) throws Exception {
        List<CompletableFuture<Context>> connecting = new ArrayList<>();
        long startNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            connecting.add(router.connectAsync(Local.create()));
        }
        for (CompletableFuture<Context> context : connecting) {
            contexts.add(context.get(2L * Timing.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return (System.nanoTime() - startNs) / Timing.NS_PER_MS / count;
    }
}
