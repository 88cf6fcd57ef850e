// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
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
        int large = stand.effort().of(8, 64, 64) * MIB;
        Result.Builder result = Result.of(key(), title());
        try (BarePipe pipe = new BarePipe()) {
            Mitogen.run(router -> {
                Context context = router.local();
                for (int size : List.of(MIB, large)) {
                    boolean isSmall = size == MIB;
                    int rounds = stand.effort().of(1, 4, 10);
                    int times = isSmall
                            ? stand.effort().of(2, 20, 50)
                            : stand.effort().of(1, 1, 2);
                    for (boolean isArgument : List.of(true, false)) {
                        String name = size / MIB + " MiB " + (isArgument ? "argument" : "result");
                        Figure figure = Figure.plain(name, "MB/s");
                        Figure warm = Figure.plain(name, "MB/s");
                        for (int round = isSmall ? -1 : -2; round < rounds; round++) {
                            Figure into = round < 0 ? warm : figure;
                            transfer(stand, context, pipe, new Transfer(into, size, times, isArgument));
                        }
                        result.figure(figure).notLess(name + " / pipe throughput", figure.toLimit(), 0.6, 0.9);
                    }
                }
            });
            result.note("The pipe carries as many bytes the same way, with reads and writes of "
                    + pipe.bestBlock() / 1024 + " KiB, the fastest of 32, 64 and 128, and an answer to the last.");
        }
        stand.endPython();
        return result.build();
    }

    /**
     * One kind of transfer.
     *
     * @param figure takes the samples
     * @param size bytes of one array
     * @param times how many, one after another
     * @param isArgument whether it goes to the context
     */
    private record Transfer(Figure figure, int size, int times, boolean isArgument) {}

    private static void transfer(Stand stand, Context context, BarePipe pipe, Transfer what) throws Exception {
        byte[] array = new byte[what.isArgument ? what.size : 0];
        Figure measured = Figure.plain("", "");
        for (int i = 0; i < what.times; i++) {
            long startNs = System.nanoTime();
            int length =
                    what.isArgument ? context.call(Calls::length, array) : context.call(Calls::bytes, what.size).length;
            double seconds = (System.nanoTime() - startNs) / Timing.NS_PER_S;
            if (length != what.size) {
                throw new IllegalStateException(what.size + " bytes were sent, " + length + " came");
            }
            what.figure.ours().add(what.size / seconds / Timing.BYTES_PER_MB);
        }
        stand.python(measured.python(), what.isArgument ? "blob_there" : "blob_back", what.size, what.times);
        for (double rate : measured.python().toArray()) {
            what.figure.python().add(rate / Timing.BYTES_PER_MB);
        }
        for (int i = 0; i < what.times; i++) {
            double rate = what.isArgument ? pipe.there(what.size) : pipe.back(what.size);
            what.figure.limit().add(rate / Timing.BYTES_PER_MB);
        }
    }
}
