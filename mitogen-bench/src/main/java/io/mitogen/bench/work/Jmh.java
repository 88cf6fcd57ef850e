// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.bench.report.Bound;
import io.mitogen.bench.report.Figure;
import io.mitogen.bench.report.Result;
import java.util.Collection;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The JMH benchmarks, each in a JVM of its own. Thread of the suite. */
public final class Jmh implements Workload {
    private static final String FORWARD = "ForwardBenchmark.forward";
    private static final String BODY = "bodyBytes";
    private static final String BODY_OF_100_BYTES = "74";
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final double MIN_FRAMES = 5e6;
    private static final double NO_BYTES = 0.5; // what is below is the JVM's own, spread over all operations

    @Override
    public String key() {
        return "jmh";
    }

    @Override
    public String title() {
        return "JMH: the library's inner parts, and how many frames a router forwards on one core";
    }

    @Override
    public Result measure(Stand stand) throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // whoever runs two at once is told so by the figures
        Collection<RunResult> runs = new Runner(options(stand.effort()).build()).run();
        Result.Builder result = Result.of(key(), title());
        double frames = Double.NaN;
        double allocated = Double.NaN;
        for (RunResult run : runs) {
            Figure score = Figure.plain(name(run), run.getPrimaryResult().getScoreUnit());
            score.ours().addAll(samples(run));
            Figure memory = Figure.plain(name(run) + ", allocated", "B/op");
            memory.ours().add(run.getSecondaryResults().get(ALLOCATED).getScore());
            if (isForward100(run)) {
                frames = score.ours().median();
                allocated = memory.ours().median();
            }
            result.figure(score).figure(memory);
        }
        return result.atLeast(Bound.atLeast("frames of 100 bytes/s on one core", frames, MIN_FRAMES))
                .atLeast(Bound.atMost("bytes allocated for each", allocated, NO_BYTES))
                .note("The pipes of the forwarding benchmark are memory: what the kernel takes for them is in relay.")
                .build();
    }

    private static ChainedOptionsBuilder options(Effort effort) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(effort.of(0, 1, 1))
                .warmupIterations(effort.of(0, 3, 3))
                .warmupTime(TimeValue.milliseconds(effort.of(1, 1_000, 500)))
                .measurementIterations(effort.of(1, 5, 5))
                .measurementTime(TimeValue.milliseconds(effort.of(10, 500, 500)))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (effort != Effort.FULL) {
            options = options.include("\\." + FORWARD + "$").param(BODY, BODY_OF_100_BYTES);
        }
        return options;
    }

    /** Returns class, method and parameters, as {@code Forward.forward 74}. */
    private static String name(RunResult run) {
        BenchmarkParams params = run.getParams();
        String[] words = params.getBenchmark().split("\\.");
        String type = words[words.length - 2].replace("Benchmark", "");
        String values = params.getParamsKeys().stream().map(params::getParam).collect(Collectors.joining(" "));
        return (type + "." + words[words.length - 1] + " " + values).trim();
    }

    private static double[] samples(RunResult run) {
        return run.getAggregatedResult().getIterationResults().stream()
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .toArray();
    }

    private static boolean isForward100(RunResult run) {
        return run.getParams().getBenchmark().endsWith(FORWARD)
                && BODY_OF_100_BYTES.equals(run.getParams().getParam(BODY));
    }
}
