// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.BarPlot;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Samples;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.side.BarePipe;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.util.List;

/** Large arrays of bytes as arguments and as results. Thread of the suite. */
public final class BlobTransfer implements Workload {
    private static final int MIB = 1 << 20;

    @Override
    public String key() {
        return "blob";
    }

    @Override
    public String title() {
        return "Arrays of 1 MiB and 64 MiB as arguments and results";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 4, 10);
        int small = stand.effort().of(2, 20, 50);
        int large = stand.effort().of(1, 1, 2);
        int largeMib = stand.effort().of(8, 64, 64);
        List<Transfer> transfers = List.of(
                new Transfer(1, small, true),
                new Transfer(1, small, false),
                new Transfer(largeMib, large, true),
                new Transfer(largeMib, large, false));
        Result.Builder result = Result.of(key(), title());
        try (BarePipe pipe = new BarePipe()) {
            Mitogen.run(router -> {
                Context context = router.local();
                for (Transfer transfer : transfers) {
                    transfer.warmUp(stand.effort()).measure(stand, context, pipe);
                    for (int round = 0; round < rounds; round++) {
                        transfer.measure(stand, context, pipe);
                    }
                }
            });
            result.note(
                    "The pipe carries an array as long as this the same way, into a new one, and an answer to it, with"
                            + " reads and writes of 32, 64 and 128 KiB: the fastest counts.");
        }
        stand.endPython();
        List<Figure> figures = transfers.stream().map(Transfer::figure).toList();
        for (Figure figure : figures) {
            result.figure(figure).notLess(figure.name() + " / pipe throughput", figure.toLimit(), 0.6, 0.9);
        }
        return result.plot("blob", BarPlot.of("Arrays of bytes as arguments and results", figures))
                .build();
    }

    /**
     * One kind of transfer.
     *
     * @param figure takes the samples
     * @param mib size of one array
     * @param times how many in each round, one after another
     * @param isArgument whether it goes to the context
     */
    private record Transfer(Figure figure, int mib, int times, boolean isArgument) {
        Transfer(int mib, int times, boolean isArgument) {
            this(Figure.plain(mib + " MiB " + (isArgument ? "argument" : "result"), "MB/s"), mib, times, isArgument);
        }

        /** Returns what is done before samples count: compiled code and a heap that has grown need so much. */
        Transfer warmUp(Effort effort) {
            return new Transfer(mib, mib == 1 ? effort.of(1, 300, 600) : effort.of(1, 5, 10), isArgument);
        }

        void measure(Stand stand, Context context, BarePipe pipe) throws Exception {
            byte[] array = new byte[isArgument ? size() : 0];
            for (int i = 0; i < times; i++) {
                long startNs = System.nanoTime();
                int length =
                        isArgument ? context.call(Calls::length, array) : context.call(Calls::bytes, size()).length;
                double seconds = (System.nanoTime() - startNs) / Timing.NS_PER_S;
                if (length != size()) {
                    throw new IllegalStateException(size() + " bytes were sent, " + length + " came");
                }
                figure.ours().add(size() / seconds / Timing.BYTES_PER_MB);
            }
            Samples python = new Samples();
            stand.python(python, isArgument ? "blob_there" : "blob_back", size(), times);
            for (double rate : python.toArray()) {
                figure.python().add(rate / Timing.BYTES_PER_MB);
            }
            for (int i = 0; i < times; i++) {
                double rate = isArgument ? pipe.arrayThere(array) : pipe.arrayBack(size());
                figure.limit().add(rate / Timing.BYTES_PER_MB);
            }
        }

        int size() {
            return mib * MIB;
        }
    }
}
