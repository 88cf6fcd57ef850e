// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.side.OwnHeap;
import io.mitogen.bench.side.ProcFile;
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
import java.util.concurrent.locks.LockSupport;

/** What each of so many contexts of one kind costs the master. Thread of the suite. */
final class Costs {
    private static final int BROADCASTS = 10;
    private static final double BYTES_PER_KIB = 1024;
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ConnectionMethod method;
    private final int count;
    private final Figure connect;
    private final Figure broadcast;
    private final Figure heap;
    private final Figure descriptors;
    private final Figure threads;

    /** @param kind says what contexts they are, in the names of figures */
    Costs(ConnectionMethod method, String kind, int count) {
        this.method = method;
        this.count = count;
        String name = count + " " + kind + ", ";
        connect = Figure.plain(name + "connect", "ms");
        broadcast = Figure.plain(name + "call to all", "us");
        heap = Figure.plain(name + "heap", "KiB");
        descriptors = Figure.plain(name + "descriptors", "1");
        threads = Figure.plain(name + "threads", "1");
    }

    /** Makes an empty copy. */
    Costs(Costs like) {
        this(like.method, "", like.count);
    }

    int count() {
        return count;
    }

    Figure connect() {
        return connect;
    }

    Figure broadcast() {
        return broadcast;
    }

    List<Figure> figures() {
        return List.of(connect, broadcast, heap, descriptors, threads);
    }

    /** Starts the contexts, calls them, counts, and ends them. */
    void measure() throws Exception {
        if (method instanceof Local) { // costs so little here that what ends of an earlier tree would hide it
            awaitEndOfThreads();
        }
        Mitogen.run(router -> {
            connectAll(router, 1); // so that the master has what it sends
            long heapBefore = OwnHeap.usedBytes();
            int descriptorsBefore = ProcFile.descriptors();
            int threadsBefore = liveThreads();
            long startNs = System.nanoTime();
            List<Context> contexts = connectAll(router, count);
            connect.ours().add(each(System.nanoTime() - startNs) / Timing.NS_PER_MS);
            broadcast(contexts); // ships the class
            for (int i = 0; i < BROADCASTS; i++) {
                startNs = System.nanoTime();
                broadcast(contexts);
                broadcast.ours().add(each(System.nanoTime() - startNs) / Timing.NS_PER_US);
            }
            heap.ours().add(each(OwnHeap.usedBytes() - heapBefore) / BYTES_PER_KIB);
            descriptors.ours().add(each(ProcFile.descriptors() - descriptorsBefore));
            threads.ours().add(each(liveThreads() - threadsBefore));
        });
    }

    /** Waits a little for the library's threads of an earlier tree to end; idle ones take a second. */
    private static void awaitEndOfThreads() {
        long endNs = System.nanoTime() + QUIET_NS;
        while (hasLibraryThreads() && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(CHECK_NS);
        }
    }

    private static boolean hasLibraryThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("mitogen."));
    }

    private double each(long all) {
        return (double) all / count;
    }

    private static int liveThreads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private List<Context> connectAll(MasterRouter router, int wanted) throws Exception {
        List<CompletableFuture<Context>> connecting = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            connecting.add(router.connectAsync(method));
        }
        List<Context> contexts = new ArrayList<>();
        for (CompletableFuture<Context> context : connecting) {
            contexts.add(context.get(3L * Timing.PATIENCE_SECONDS, TimeUnit.SECONDS));
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
}
