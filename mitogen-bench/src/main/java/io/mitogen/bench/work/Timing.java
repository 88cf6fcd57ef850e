// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Samples;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What several workloads do with contexts. Thread of the suite. */
final class Timing {
    static final double NS_PER_US = 1e3;
    static final double NS_PER_MS = 1e6;
    static final double NS_PER_S = 1e9;
    static final double BYTES_PER_MB = 1e6;

    /** How long anything may take that is waited for. */
    static final int PATIENCE_SECONDS = 60;

    private Timing() {}

    /** Calls a function that does nothing {@code warm + count} times, and adds to {@code us} how long each of the last took. */
    static void call(Context context, int warm, int count, Samples us) {
        for (int i = 0; i < warm + count; i++) {
            long startNs = System.nanoTime();
            context.call(Calls::nothing);
            if (i >= warm) {
                us.add((System.nanoTime() - startNs) / NS_PER_US);
            }
        }
    }

    /** Returns {@code length} contexts, each but the first started by the one before. */
    static List<Context> chain(MasterRouter router, int length) {
        List<Context> chain = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            Local method = Local.create();
            chain.add(router.connect(i == 0 ? method : method.via(chain.get(i - 1))));
        }
        return chain;
    }

    /** Ends a context and waits until it is gone. */
    static void end(Context context) throws InterruptedException, ExecutionException, TimeoutException {
        context.shutdown();
        context.gone().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends contexts, all at once. */
    static void endAll(List<Context> contexts) throws InterruptedException, ExecutionException, TimeoutException {
        for (Context context : contexts) {
            context.shutdown();
        }
        for (Context context : contexts) {
            context.gone().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
