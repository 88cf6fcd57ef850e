// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.side.OwnHeap;
import io.mitogen.bench.side.ProcFile;
import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a context costs the master when there are many, in this process and in processes of their own. Thread of the suite. */
public final class Scale implements Workload {
    private static final double FLAT = 1.25;
    private static final double BYTES_PER_KIB = 1024;

    @Override
    public String key() {
        return "scale";
    }

    @Override
    public String title() {
        return "Cost of each of 10, 100 and 1000 contexts in the master";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 2, 3);
        List<Costs> guests = measure(
                InProcess.create(),
                "in-process",
                rounds,
                switch (stand.effort()) {
                    case SMOKE -> List.of(2, 5);
                    default -> List.of(10, 100, 1000);
                });
        List<Costs> processes = measure(
                Local.create(),
                "local",
                1,
                switch (stand.effort()) {
                    case SMOKE -> List.of(2);
                    case QUICK -> List.of(10, 50);
                    case FULL -> List.of(10, 50, 200);
                });
        Result.Builder result = Result.of(key(), title());
        guests.forEach(costs -> costs.figures().forEach(result::figure));
        processes.forEach(costs -> costs.figures().forEach(result::figure));
        bound(result, guests.get(guests.size() - 2), guests.get(guests.size() - 1));
        return result.note(
                        "Contexts in this process have threads of their own, and their heap, in it: the cost of one is that of both"
                                + " of its ends.")
                .build();
    }

    private static void bound(Result.Builder result, Costs fewer, Costs more) {
        for (int i = 0; i < fewer.figures().size(); i++) {
            Figure few = fewer.figures().get(i);
            Figure many = more.figures().get(i);
            double growth = few.ours().median() == 0
                    ? 1
                    : many.ours().median() / few.ours().median();
            result.atLeast(Bound.atMost(many.name() + " / " + fewer.count, growth, FLAT));
        }
    }

    private static List<Costs> measure(ConnectionMethod method, String kind, int rounds, List<Integer> counts)
            throws Exception {
        measure(method, new Costs(kind, counts.get(0))); // warms up
        List<Costs> all = new ArrayList<>();
        for (int count : counts) {
            all.add(new Costs(kind, count));
        }
        for (int round = 0; round < rounds; round++) {
            for (Costs costs : all) {
                measure(method, costs);
            }
        }
        return all;
    }

    private static void measure(ConnectionMethod method, Costs costs) throws Exception {
        Mitogen.run(router -> {
            connectAll(router, method, 1); // so that the master has what it sends
            long heap = OwnHeap.usedBytes();
            int descriptors = ProcFile.descriptors();
            int threads = threads();
            long startNs = System.nanoTime();
            List<Context> contexts = connectAll(router, method, costs.count);
            costs.connect.ours().add(each(costs, startNs, Timing.NS_PER_MS));
            broadcast(contexts); // ships the class
            startNs = System.nanoTime();
            broadcast(contexts);
            costs.broadcast.ours().add(each(costs, startNs, Timing.NS_PER_US));
            costs.heap.ours().add((OwnHeap.usedBytes() - heap) / BYTES_PER_KIB / costs.count);
            costs.descriptors.ours().add((double) (ProcFile.descriptors() - descriptors) / costs.count);
            costs.threads.ours().add((double) (threads() - threads) / costs.count);
        });
    }

    private static double each(Costs costs, long startNs, double unitNs) {
        return (System.nanoTime() - startNs) / unitNs / costs.count;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static List<Context> connectAll(MasterRouter router, ConnectionMethod method, int count) throws Exception {
        List<CompletableFuture<Context>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(router.connectAsync(method));
        }
        List<Context> contexts = new ArrayList<>();
        for (CompletableFuture<Context> context : connecting) {
            contexts.add(context.get(2L * Timing.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        return contexts;
    }

    private static void broadcast(List<Context> contexts) throws Exception {
        CompletableFuture<?>[] calls = new CompletableFuture<?>[contexts.size()];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = contexts.get(i).callAsync(Calls::nothing);
        }
        CompletableFuture.allOf(calls).get(Timing.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What each of a number of contexts costs. */
    private static final class Costs {
        final int count;
        final Figure connect;
        final Figure broadcast;
        final Figure heap;
        final Figure descriptors;
        final Figure threads;

        Costs(String kind, int count) {
            this.count = count;
            String name = count + " " + kind + ", ";
            connect = Figure.plain(name + "connect", "ms");
            broadcast = Figure.plain(name + "call to all", "us");
            heap = Figure.plain(name + "heap", "KiB");
            descriptors = Figure.plain(name + "descriptors", "1");
            threads = Figure.plain(name + "threads", "1");
        }

        List<Figure> figures() {
            return List.of(connect, broadcast, heap, descriptors, threads);
        }
    }
}
