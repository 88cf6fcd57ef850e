// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;

/** Starting a context on this machine, alone or with a first call, one after another. Thread of the suite. */
public final class LocalConnect implements Workload {
    private final boolean withCall;

    /** @param withCall whether a first call of a function that must be shipped is part of it */
    public LocalConnect(boolean withCall) {
        this.withCall = withCall;
    }

    @Override
    public String key() {
        return withCall ? "local_connect_first_call" : "local_connect";
    }

    @Override
    public String title() {
        return withCall
                ? "Local context, until a function of a user's class has run in it"
                : "Local context, until it is ready";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 4, 10);
        int connects = stand.effort().of(1, 6, 10);
        Figure connect = Figure.latency(withCall ? "connect and call" : "connect", "ms");
        Mitogen.run(router -> {
            for (int round = -1; round < rounds; round++) {
                Figure into = round < 0 ? Figure.plain("warm-up", "ms") : connect;
                for (int i = 0; i < connects; i++) {
                    into.ours().add(connectMs(router));
                }
                stand.python(into.python(), withCall ? "connect_first_call" : "connect", connects);
            }
        });
        return Result.of(key(), title())
                .figure(connect)
                .atMost(connect.name() + " / Python's", connect.toPython(), 1.0, 0.6)
                .note("Each context is told to end, and has left the tree, before the next one starts.")
                .build();
    }

    private double connectMs(MasterRouter router) throws Exception {
        long startNs = System.nanoTime();
        Context context = router.local();
        if (withCall) {
            context.call(Calls::nothing);
        }
        double ms = (System.nanoTime() - startNs) / Timing.NS_PER_MS;
        Timing.end(context);
        return ms;
    }
}
