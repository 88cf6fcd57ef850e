// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.shipped.Mathematics;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A first call of a function that needs hundreds of classes of a library. Thread of the suite. */
public final class ClassShip implements Workload {
    private static final String LIBRARY = "org.apache.commons.math3.";
    private static final int MIN_CLASSES = 500;
    private static final double TOLERANCE = 1e-6;

    @Override
    public String key() {
        return "class_ship";
    }

    @Override
    public String title() {
        return "First call of a function that needs 500 classes of Commons Math";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int masters = stand.effort().of(1, 2, 5);
        int contexts = stand.effort().of(1, 2, 3);
        Figure again = Figure.plain("call in a further context", "ms");
        Figure first = Figure.plain("call in the first context of a master", "ms");
        Figure questions = Figure.plain("round trips for classes", "1");
        Figure down = Figure.plain("bytes to the context", "B");
        Figure up = Figure.plain("bytes of the context", "B");
        double expected = Mathematics.everything();
        long classes = Mitogen.compute(router -> countClasses(router, expected));
        if (classes < MIN_CLASSES) {
            throw new IllegalStateException("only " + classes + " classes of the library were loaded");
        }
        for (int master = 0; master < masters; master++) {
            Mitogen.run(router -> {
                LinkMeter meter = new LinkMeter();
                router.router().tap(meter);
                for (int i = 0; i <= contexts; i++) {
                    Context context = router.local();
                    LinkMeter.Reading before = meter.read();
                    long startNs = System.nanoTime();
                    check(expected, context.call(Mathematics::everything));
                    (i == 0 ? first : again).ours().add((System.nanoTime() - startNs) / Timing.NS_PER_MS);
                    LinkMeter.Reading passed = meter.read().since(before);
                    questions.ours().add(passed.questions());
                    down.ours().add(passed.down());
                    up.ours().add(passed.up());
                    Timing.end(context);
                }
            });
        }
        return Result.of(key(), title())
                .figure(again)
                .figure(first)
                .figure(questions)
                .figure(down)
                .figure(up)
                .atMost("round trips, at most", questions.ours().quantile(1), 4, 2)
                .note(classes + " classes of the library were loaded in the context.")
                .build();
    }

    /** Counts the classes of the library in the log of the JVM of a context. */
    private static long countClasses(MasterRouter router, double expected) throws Exception {
        Path log = Files.createTempFile("mitogen-bench", ".classes");
        try {
            Context context =
                    router.connect(Local.create().jvmOptions("-Xlog:class+load:file=" + log + ":none:filecount=0"));
            check(expected, context.call(Mathematics::everything));
            Timing.end(context);
            return count(log);
        } finally {
            Files.delete(log);
        }
    }

    private static long count(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(LIBRARY)).count();
        }
    }

    private static void check(double expected, double found) {
        if (Math.abs(expected - found) > TOLERANCE) {
            throw new IllegalStateException("the function returned " + found + ", not " + expected);
        }
    }
}
