// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ContextOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** How many bytes pass between the master and a local context, each way. Thread of the suite. */
public final class BytesOnWire implements Workload {
    private static final List<String> NAMES = List.of(
            "connect, command",
            "connect, down",
            "connect, up",
            "first call with its class, down",
            "first call with its class, up",
            "further call, down",
            "further call, up");

    @Override
    public String key() {
        return "bytes";
    }

    @Override
    public String title() {
        return "Bytes each way for a connect, a first call with its class, and a further call";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        double[] ours = Mitogen.compute(BytesOnWire::measure);
        Figure python = Figure.plain("", "B");
        stand.python(python.python(), "traffic");
        Figure toConnect = Figure.plain("connect, command and all bytes down", "B");
        List<Figure> parts = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            Figure part = Figure.plain(NAMES.get(i), "B");
            part.ours().add(ours[i]);
            if (!python.python().isEmpty()) {
                part.python().add(python.python().toArray()[i]);
            }
            parts.add(part);
        }
        toConnect.ours().add(parts.get(0).ours().median() + parts.get(1).ours().median());
        toConnect
                .python()
                .add(parts.get(0).python().median() + parts.get(1).python().median());
        Result.Builder result = Result.of(key(), title()).figure(toConnect);
        parts.forEach(result::figure);
        return result.note("Headers of frames are counted.").build();
    }

    /** Returns the bytes in the order of {@link #NAMES}. */
    private static double[] measure(MasterRouter router) throws Exception {
        LinkMeter meter = new LinkMeter();
        router.router().tap(meter);
        Path down = Files.createTempFile("mitogen-bench", ".down");
        Path up = Files.createTempFile("mitogen-bench", ".up");
        try {
            AtomicInteger command = new AtomicInteger();
            Context leaf = router.connect(new MeteredLocal(ContextOptions.DEFAULT, down, up, command));
            LinkMeter.Reading ready = meter.read();
            leaf.call(Calls::nothing);
            LinkMeter.Reading first = meter.read();
            leaf.call(Calls::nothing);
            LinkMeter.Reading second = meter.read();
            Timing.end(leaf);
            LinkMeter.Reading after = meter.read().since(ready);
            LinkMeter.Reading firstCall = first.since(ready);
            LinkMeter.Reading furtherCall = second.since(first);
            return new double[] {
                command.get(),
                Files.size(down) - after.down(),
                Files.size(up) - after.up(),
                firstCall.down(),
                firstCall.up(),
                furtherCall.down(),
                furtherCall.up()
            };
        } finally {
            Files.delete(down);
            Files.delete(up);
        }
    }
}
