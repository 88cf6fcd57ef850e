// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.BarPlot;
import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.side.OwnHeap;
import io.mitogen.bench.side.ProcFile;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.util.ArrayList;
import java.util.List;

/** The memory of contexts that do nothing: their own, and what the master keeps for each. Thread of the suite. */
public final class Memory implements Workload {
    private static final double BYTES_PER_KIB = 1024;

    @Override
    public String key() {
        return "memory";
    }

    @Override
    public String title() {
        return "Memory of an idle local context, and of the master for each";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int contexts = stand.effort().of(2, 16, 32);
        Figure resident = Figure.plain("resident memory of a leaf", "KiB");
        Figure proportional = Figure.plain("what is shared divided by its users", "KiB");
        Figure heap = Figure.plain("heap of the master for each", "KiB");
        Mitogen.run(router -> {
            List<Context> first = new ArrayList<>();
            for (int i = 0; i < contexts; i++) {
                first.add(router.local());
            }
            Timing.endAll(first); // so that the master has what it sends, and what it keeps for good
            long before = OwnHeap.usedBytes();
            List<Context> leaves = new ArrayList<>();
            for (int i = 0; i < contexts; i++) {
                leaves.add(router.local());
            }
            heap.ours().add((OwnHeap.usedBytes() - before) / BYTES_PER_KIB / contexts);
            for (Context leaf : leaves) {
                long pid = pid(leaf);
                resident.ours().add(ProcFile.residentKib(pid));
                proportional.ours().add(ProcFile.proportionalKib(pid));
            }
            Timing.endAll(leaves);
        });
        stand.python(resident.python(), "resident", contexts);
        stand.python(proportional.python(), "proportional", contexts);
        return Result.of(key(), title())
                .figure(resident)
                .figure(proportional)
                .figure(heap)
                .plot("memory", BarPlot.of("Memory of an idle local context", List.of(resident, proportional)))
                .aim(Bound.atMost("resident memory / Python's", resident.toPython(), 1.3))
                .note(contexts + " contexts each, started one after another and measured when all are ready.")
                .build();
    }

    /** Returns the number of a local context's process, which its name ends with. */
    private static long pid(Context local) {
        return Long.parseLong(local.name().substring(local.name().lastIndexOf('.') + 1));
    }
}
