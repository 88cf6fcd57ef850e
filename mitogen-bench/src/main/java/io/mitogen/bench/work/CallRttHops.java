// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.LinePlot;
import io.mitogen.bench.report.Plot;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Samples;
import io.mitogen.bench.report.Series;
import io.mitogen.bench.shipped.Calls;
import io.mitogen.bench.side.BarePipe;
import io.mitogen.bench.side.Cores;
import io.mitogen.core.call.Context;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** An empty call through a chain of contexts: what does each further hop add? Thread of the suite. */
public final class CallRttHops implements Workload {
    private static final int[] HOPS = {1, 2, 3, 5, 8};

    @Override
    public String key() {
        return "call_rtt_hops";
    }

    @Override
    public String title() {
        return "Empty call at 1, 2, 3, 5 and 8 hops";
    }

    @Override
    public Result measure(Stand stand) throws Exception {
        int rounds = stand.effort().of(1, 3, 8);
        int calls = stand.effort().of(10, 500, 3_000);
        int firstCalls = stand.effort().of(5, 2_500, 10_000); // compiled code needs so many at all hops
        List<Figure> atHops = new ArrayList<>();
        for (int hops : HOPS) {
            atHops.add(Figure.latency(hops == 1 ? "1 hop" : hops + " hops", "us"));
        }
        Samples pingPong = new Samples();
        Figure apart = Figure.plain("each further hop, on two cores", "us");
        boolean areTwo;
        try (BarePipe pipe = new BarePipe();
                Cores cores = new Cores()) {
            areTwo = cores.areTwo();
            Mitogen.run(router -> {
                List<Context> chain = Timing.chain(router, HOPS[HOPS.length - 1]);
                for (int i = HOPS.length - 1; i >= 0; i--) { // farthest first: it warms all up
                    Timing.call(chain.get(HOPS[i] - 1), firstCalls, 0, new Samples());
                    stand.python(new Samples(), "call", HOPS[i], firstCalls, 0);
                }
                pipe.pingPong(firstCalls, 0, new Samples());
                for (int round = 0; round < rounds; round++) {
                    for (int i = 0; i < HOPS.length; i++) {
                        Timing.call(
                                chain.get(HOPS[i] - 1),
                                calls / 4,
                                calls,
                                atHops.get(i).ours());
                        stand.python(atHops.get(i).python(), "call", HOPS[i], calls / 4, calls);
                    }
                    pipe.pingPong(calls / 4, calls, pingPong);
                }
                if (areTwo) {
                    measureApart(cores, chain, pipe, calls, rounds, apart);
                }
            });
        }
        stand.endPython();
        Figure perHop = Figure.plain("each further hop", "us");
        perHop.ours().add(slope(atHops, Figure::ours));
        if (stand.python() != null) {
            perHop.python().add(slope(atHops, Figure::python));
        }
        perHop.limit().addAll(pingPong.toArray());
        Result.Builder result = Result.of(key(), title()).figure(perHop);
        if (areTwo) {
            result.figure(apart);
        }
        atHops.forEach(result::figure);
        return result.plot("hops", plot(atHops, pingPong))
                .atMost("added by a hop / pipe ping-pong", (areTwo ? apart : perHop).toLimit(), 1.5, 1.1)
                .note(
                        "What a hop adds is the slope of the line that fits the medians best (least squares). On two cores: each"
                                + " context of the chain on the other one of two, so that every hop wakes a core; the pipe the same.")
                .build();
    }

    /** Measures what a hop adds when the contexts run on two cores in turns. */
    private static void measureApart(
            Cores cores, List<Context> chain, BarePipe pipe, int calls, int rounds, Figure apart) throws IOException {
        List<Long> pids = new ArrayList<>();
        for (Context context : chain) {
            pids.add(context.call(Calls::pid));
        }
        cores.alternate(pids);
        cores.alternate(List.of(pipe.pid()));
        double[] medians = new double[HOPS.length];
        for (int i = 0; i < HOPS.length; i++) {
            Samples samples = new Samples();
            Timing.call(chain.get(HOPS[i] - 1), calls, rounds * calls, samples);
            medians[i] = samples.median();
            pipe.pingPong(calls / 4, calls, apart.limit());
        }
        apart.ours().add(slope(HOPS, medians));
    }

    private static Plot plot(List<Figure> atHops, Samples pingPong) {
        List<Integer> hops = Arrays.stream(HOPS).boxed().toList();
        return new LinePlot(
                "Empty call, one at a time",
                "us",
                "hops",
                hops,
                List.of(
                        Series.ours(atHops),
                        Series.python("", atHops),
                        Series.limit(
                                "ping-pong over a bare pipe, for each hop",
                                hops.stream()
                                        .map(hop -> hop * pingPong.median())
                                        .toList())));
    }

    private static double slope(List<Figure> atHops, Function<Figure, Samples> side) {
        double[] medians = atHops.stream()
                .mapToDouble(figure -> side.apply(figure).median())
                .toArray();
        return slope(HOPS, medians);
    }

    /** Returns how much {@code y} grows for each {@code x}, by least squares. */
    static double slope(int[] x, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += (double) x[i] / x.length;
            meanY += y[i] / x.length;
        }
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < x.length; i++) {
            covariance += (x[i] - meanX) * (y[i] - meanY);
            variance += (x[i] - meanX) * (x[i] - meanX);
        }
        return covariance / variance;
    }
}
