// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.LinePlot;
import io.mitogen.bench.report.Plot;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Series;
import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a context costs the master when there are many, in this process and in processes of their own. Thread of the suite. */
public final class Scale implements Workload {
    private static final double FLAT = 1.1;

    /** Ten times the contexts have ten times the compiled code, too, which no cache holds. */
    private static final double FLAT_TIME = 1.5;

    private static final int MAX_TIMES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2); // a machine full of threads may be slow

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
        Effort effort = stand.effort();
        List<Costs> guests = Stream.of(effort.of(2, 10, 10), effort.of(3, 100, 100), effort.of(5, 1000, 1000))
                .map(count -> new Costs(InProcess.create().connectTimeout(PATIENCE), "in-process", count))
                .toList();
        List<Costs> processes = Stream.of(effort.of(1, 10, 10), effort.of(2, 50, 50), effort.of(2, 50, 200))
                .distinct()
                .map(count -> new Costs(Local.create().connectTimeout(PATIENCE), "local", count))
                .toList();
        measure(guests, effort.of(1, 2, 3), effort.of(1, 400, 400));
        measure(processes, 1, effort.of(1, 20, 100));
        Result.Builder result = Result.of(key(), title());
        Stream.concat(guests.stream(), processes.stream())
                .flatMap(costs -> costs.figures().stream())
                .forEach(result::figure);
        bound(result, guests.get(1), guests.get(2));
        return result.plot("scale", plot("Call to all contexts at once, for each", guests, Costs::broadcast))
                .plot("scale-connect", plot("Connecting contexts at once, for each", guests, Costs::connect))
                .note(
                        "Contexts in this process have threads of their own, and their heap, in it: the cost of one is that"
                                + " of both of its ends. Each also has classes of its own, so that its code is compiled for it"
                                + " alone: with 100 that is done sooner than with 1000 (interpreted, a call to all takes 1.14"
                                + " times as long for each of 1000). So times are held to 1.5, all else to 1.1.")
                .build();
    }

    /** @param enough with how many contexts in all a number of contexts has been measured enough; at least once in a round */
    private static void measure(List<Costs> all, int rounds, int enough) throws Exception {
        new Costs(all.get(0)).measure(); // warms up
        for (int round = 0; round < rounds; round++) {
            for (Costs costs : all) {
                int times = Math.max(1, Math.min(MAX_TIMES, enough / costs.count()));
                for (int i = 0; i < times; i++) {
                    costs.measure();
                }
            }
        }
    }

    private static void bound(Result.Builder result, Costs fewer, Costs more) {
        for (int i = 0; i < fewer.figures().size(); i++) {
            Figure few = fewer.figures().get(i);
            Figure many = more.figures().get(i);
            boolean isNothing = few.ours().median() == 0 && many.ours().median() == 0;
            double growth = isNothing ? 1 : many.ours().median() / few.ours().median();
            double flat = many == more.connect() || many == more.broadcast() ? FLAT_TIME : FLAT;
            result.atLeast(Bound.atMost(many.name() + " / of " + fewer.count(), growth, flat));
        }
    }

    private static Plot plot(String title, List<Costs> costs, Function<Costs, Figure> figure) {
        List<Figure> figures = costs.stream().map(figure).toList();
        return new LinePlot(
                title,
                figures.get(0).unit(),
                "contexts in this process",
                costs.stream().map(Costs::count).toList(),
                List.of(Series.ours(figures)));
    }
}
