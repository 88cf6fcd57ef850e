// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.BarPlot;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.shipped.Drain;
import io.mitogen.bench.side.BarePipe;
import io.mitogen.bench.side.ProcFile;
import io.mitogen.bench.side.ThreadTime;
import io.mitogen.core.call.Context;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageHeader;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Frames from the master through a middle context to a leaf, which counts them and drops them. Thread of the suite. */
public final class Relay implements Workload {
    private static final int KIB = 1 << 10;
    private static final int LARGEST = 128 * KIB;
    private static final List<Integer> BODIES = List.of(LARGEST, 4 * KIB, 64);

    /** About what is on the way at a time, twice; nothing else holds the sender back. */
    private static final int BATCH_BYTES = 10 << 20;

    private static final int MAX_BATCH_FRAMES = 50_000;

    @Override
    public String key() {
        return "relay";
    }

    @Override
    public String title() {
        return "Frames of 64 B, 4 KiB and 128 KiB through a middle context";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 3, 8);
        Result.Builder result = Result.of(key(), title());
        List<Figure> perCore = new ArrayList<>();
        try (BarePipe pipe = new BarePipe()) {
            Mitogen.run(router -> {
                List<Context> chain = Timing.chain(router, 2);
                long middlePid = chain.get(0).call(Calls::pid);
                for (int body : BODIES) {
                    Rates rates = new Rates(body);
                    for (int round = -1; round < rounds; round++) {
                        Rates into = round < 0 ? new Rates(body) : rates;
                        int batches = batches(stand.effort(), body);
                        through(router, chain.get(1), middlePid, batches, into);
                        bare(pipe, stand.effort().of(1, 400, 1_000) * 1_000_000L, into);
                    }
                    rates.addTo(result);
                    perCore.add(0, rates.perCore);
                }
            });
            result.note(
                    "On the pipe the bytes go one way, with reads and writes of 32, 64 and 128 KiB: the best counts. For"
                            + " each core: bytes by the processor time of the whole middle process, and for the pipe by that of"
                            + " both its ends, because the middle, too, reads and writes each byte once.");
        }
        return result.plot("relay", BarPlot.of("Frames through a middle context", perCore))
                .note("At most two batches of some 10 MB, or " + MAX_BATCH_FRAMES
                        + " frames, are under way at a time; the leaf says when it has one.")
                .build();
    }

    private static int batchFrames(int body) {
        return Math.min(MAX_BATCH_FRAMES, BATCH_BYTES / (MessageHeader.LENGTH + body));
    }

    private static int batches(Effort effort, int body) {
        return body == LARGEST ? effort.of(1, 80, 200) : body == 64 ? effort.of(1, 10, 40) : effort.of(1, 20, 60);
    }

    /** What is measured with frames of one size. */
    private static final class Rates {
        final int body;
        final Figure perCore;
        final Figure wall;
        final Figure frames;

        Rates(int body) {
            this.body = body;
            String name = body >= KIB ? body / KIB + " KiB" : body + " B";
            perCore = Figure.plain(name + ", for each core", "MB/s");
            wall = Figure.plain(name + ", by the clock", "MB/s");
            frames = Figure.plain(name + ", frames", "1/s");
        }

        void addTo(Result.Builder result) {
            result.figure(perCore).figure(wall).figure(frames);
            if (body == LARGEST) {
                result.notLess("128 KiB frames, for each core / pipe's", perCore.toLimit(), 0.5, 0.9);
            }
        }
    }

    private static void through(MasterRouter router, Context leaf, long middlePid, int batches, Rates into)
            throws Exception {
        int batchFrames = batchFrames(into.body);
        int handle = leaf.call(Drain::open, batchFrames);
        Message message = Message.to(leaf.id(), handle, Handles.NONE, new byte[into.body]);
        double cpuBefore = ProcFile.cpuSeconds(middlePid);
        long startNs = System.nanoTime();
        CompletableFuture<Boolean> before = CompletableFuture.completedFuture(true);
        for (int batch = 0; batch < batches; batch++) {
            for (int i = 0; i < batchFrames; i++) {
                router.router().send(message);
            }
            CompletableFuture<Boolean> arrived = leaf.callAsync(Drain::awaitBatch, Timing.PATIENCE_SECONDS);
            check(before);
            before = arrived;
        }
        check(before);
        double seconds = (System.nanoTime() - startNs) / Timing.NS_PER_S;
        double cpu = ProcFile.cpuSeconds(middlePid) - cpuBefore;
        leaf.call(Drain::close, handle);
        long frames = (long) batches * batchFrames;
        double megabytes = frames * (MessageHeader.LENGTH + into.body) / Timing.BYTES_PER_MB;
        into.perCore.ours().add(perCore(megabytes, cpu));
        into.wall.ours().add(megabytes / seconds);
        into.frames.ours().add(frames / seconds);
    }

    /** Returns how many for each second of processor time: of less than the system counts, it may tell none. */
    static double perCore(double count, double cpuSeconds) {
        return count / Math.max(cpuSeconds, ProcFile.CPU_STEP_SECONDS);
    }

    private static void check(CompletableFuture<Boolean> arrived) throws Exception {
        if (!arrived.get(2L * Timing.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("frames did not arrive within " + Timing.PATIENCE_SECONDS + " s");
        }
    }

    private static void bare(BarePipe pipe, long bytes, Rates into) throws Exception {
        double bestPerCore = 0;
        double bestRate = 0;
        for (int block : BarePipe.BLOCKS) {
            double farBefore = pipe.cpuSeconds();
            double nearBefore = ThreadTime.ownSeconds();
            double rate = pipe.there(block, bytes);
            double cpu = ThreadTime.ownSeconds() - nearBefore + pipe.cpuSeconds() - farBefore;
            bestPerCore = Math.max(bestPerCore, perCore(bytes, cpu));
            bestRate = Math.max(bestRate, rate);
        }
        into.perCore.limit().add(bestPerCore / Timing.BYTES_PER_MB);
        into.wall.limit().add(bestRate / Timing.BYTES_PER_MB);
    }
}
