// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.LinePlot;
import io.mitogen.bench.report.Plot;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Series;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Empty calls from several threads at once, to one context and to several in turn. Starts threads of its own and ends them. */
public final class CallThreads implements Workload {
    private static final int[] THREADS = {1, 4, 16};
    private static final int CONTEXTS = 16;

    /** Less than this part of the rate with fewer threads is a collapse; what is between is noise. */
    private static final double TOLERATED = 0.9;

    @Override
    public String key() {
        return "call_threads";
    }

    @Override
    public String title() {
        return "Empty calls from 1, 4 and 16 threads, to one context and to 16";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 5, 10);
        int ms = stand.effort().of(10, 150, 500);
        int contextCount = stand.effort().of(2, CONTEXTS, CONTEXTS);
        List<Figure> toOne = figures("1 context");
        List<Figure> toMany = figures(CONTEXTS + " contexts");
        ExecutorService workers = Executors.newFixedThreadPool(THREADS[THREADS.length - 1], CallThreads::daemon);
        try {
            Mitogen.run(router -> {
                List<Context> contexts = new ArrayList<>();
                for (int i = 0; i < contextCount; i++) {
                    contexts.add(router.local());
                }
                warmUp(contexts, stand.effort().of(1, 300, 2_000));
                for (int round = 0; round < rounds; round++) {
                    for (int i = 0; i < THREADS.length; i++) {
                        toOne.get(i).ours().add(rate(workers, THREADS[i], contexts.subList(0, 1), ms));
                        stand.python(toOne.get(i).python(), "threads", THREADS[i], ms);
                        toMany.get(i).ours().add(rate(workers, THREADS[i], contexts, ms));
                    }
                }
            });
        } finally {
            workers.shutdownNow();
            workers.awaitTermination(Timing.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        stand.endPython();
        Result.Builder result = Result.of(key(), title());
        addTo(result, toOne);
        addTo(result, toMany);
        return result.plot("threads", plot(toOne, toMany))
                .note("No collapse: the total rate is at least " + TOLERATED + " of that with fewer threads.")
                .build();
    }

    private static Plot plot(List<Figure> toOne, List<Figure> toMany) {
        return new LinePlot(
                "Empty calls of all threads together",
                "calls/s",
                "threads",
                Arrays.stream(THREADS).boxed().toList(),
                List.of(
                        Series.ours(", 1 context", toOne),
                        Series.python(", 1 context", toOne),
                        Series.oursToo(", " + CONTEXTS + " contexts", toMany)));
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "caller");
        thread.setDaemon(true);
        return thread;
    }

    private static List<Figure> figures(String contexts) {
        List<Figure> figures = new ArrayList<>();
        for (int threads : THREADS) {
            figures.add(Figure.plain(threads + (threads == 1 ? " thread, " : " threads, ") + contexts, "calls/s"));
        }
        return figures;
    }

    private static void warmUp(List<Context> contexts, int calls) {
        for (int i = 0; i < calls; i++) {
            for (Context context : contexts) {
                context.call(Calls::nothing);
            }
        }
    }

    private static double rate(ExecutorService workers, int threads, List<Context> contexts, int ms) throws Exception {
        long startNs = System.nanoTime();
        List<Future<Integer>> counts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i;
            counts.add(workers.submit(() -> callFor(ms, contexts, first)));
        }
        long calls = 0;
        for (Future<Integer> count : counts) {
            calls += count.get(Timing.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return calls / ((System.nanoTime() - startNs) / Timing.NS_PER_S);
    }

    private static int callFor(int ms, List<Context> contexts, int first) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        int calls = 0;
        while (System.nanoTime() - endNs < 0) {
            contexts.get((first + calls) % contexts.size()).call(Calls::nothing);
            calls++;
        }
        return calls;
    }

    private static void addTo(Result.Builder result, List<Figure> figures) {
        Figure fewer = null;
        for (Figure figure : figures) {
            result.figure(figure);
            if (fewer != null) {
                double ratio = figure.ours().median() / fewer.ours().median();
                result.atLeast(Bound.atLeast(figure.name() + " / " + fewer.name(), ratio, TOLERATED));
            }
            fewer = figure;
        }
    }
}
