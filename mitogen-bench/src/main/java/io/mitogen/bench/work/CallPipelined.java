// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Many empty calls begun without waiting for any, from the first call to the last result. Thread of the suite. */
public final class CallPipelined implements Workload {
    @Override
    public String key() {
        return "call_pipelined";
    }

    @Override
    public String title() {
        return "10 000 calls in flight, time for each";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 5, 20);
        int warmRounds = stand.effort().of(0, 5, 10);
        int calls = stand.effort().of(500, 10_000, 10_000);
        Figure each = Figure.plain("in flight", "us");
        Figure warm = Figure.plain("warm-up", "us");
        Mitogen.run(router -> {
            Context context = router.local();
            for (int round = -warmRounds; round < rounds; round++) {
                Figure figure = round < 0 ? warm : each;
                figure.ours().add(pipelined(context, calls));
                stand.python(figure.python(), "pipelined", calls);
            }
        });
        stand.endPython();
        return Result.of(key(), title())
                .figure(each)
                .atLeast(Bound.atMost("call / Python's", each.toPython(), 0.1))
                .aim(Bound.atMost("us for a call", each.ours().median(), 2))
                .note("After " + warmRounds + " times " + calls + " calls on each side that do not count.")
                .build();
    }

    private static double pipelined(Context context, int calls) throws Exception {
        CompletableFuture<?>[] results = new CompletableFuture<?>[calls];
        long startNs = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            results[i] = context.callAsync(Calls::nothing);
        }
        CompletableFuture.allOf(results).get(Timing.PATIENCE_SECONDS, TimeUnit.SECONDS);
        return (System.nanoTime() - startNs) / Timing.NS_PER_US / calls;
    }
}
