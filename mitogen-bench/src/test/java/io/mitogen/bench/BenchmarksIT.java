// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark for a moment, in this JVM, so that none rots. What it measures is worth nothing. */
@Timeout(120)
final class BenchmarksIT {
    private static final Path SOURCES = Path.of("src/main/java/io/mitogen/bench");
    private static final String SUFFIX = "Benchmark";
    private static final long SOON_S = 20;

    @BeforeAll
    static void ignoreOtherRuns() {
        System.setProperty("jmh.ignoreLock", "true"); // it matters to none of them that figures are spoilt
    }

    @AfterEach
    void checkThatNoProcessIsLeft() throws Exception {
        for (ProcessHandle left : ProcessHandle.current().children().toList()) {
            left.onExit().get(SOON_S, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldListEveryClassThatIsNamedABenchmark() throws IOException {
        Set<String> named;
        try (Stream<Path> files = Files.list(SOURCES)) {
            named = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith(SUFFIX))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertFalse(named.isEmpty());
        assertEquals(
                named, benchmarks().map(name -> name.split("\\.")[3]).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldRunWithEachOfItsParameters(String benchmark) throws Exception {
        Options moment = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark) + "$")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(moment).run();

        assertEquals(combinations(benchmark), results.size(), "results, one for each combination of parameters");
        for (RunResult result : results) {
            assertEquals(1, result.getAggregatedResult().getIterationResults().size(), result.getParams()::toString);
        }
    }

    static Stream<String> benchmarks() {
        return list().stream().map(BenchmarkListEntry::getUsername);
    }

    private static int combinations(String benchmark) {
        BenchmarkListEntry entry = list().stream()
                .filter(each -> each.getUsername().equals(benchmark))
                .findAny()
                .orElseThrow();
        return entry.getParams().orElse(Map.of()).values().stream()
                .mapToInt(values -> values.length)
                .reduce(1, (a, b) -> a * b);
    }

    private static Set<BenchmarkListEntry> list() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        return BenchmarkList.defaultList().getAll(silent, List.of());
    }
}
