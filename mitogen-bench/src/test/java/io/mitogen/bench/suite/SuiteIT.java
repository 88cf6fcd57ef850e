// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.bench.report.JsonText;
import io.mitogen.core.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program with the smallest counts, so that no workload rots. What it measures is worth nothing. */
@Timeout(180)
final class SuiteIT {
    /** The keys that were promised, with what each is held against. */
    private static final Map<String, List<String>> SIDES = Map.ofEntries(
            Map.entry("local_connect", List.of("python_median")),
            Map.entry("local_connect_first_call", List.of("python_median")),
            Map.entry("connect_burst", List.of("python_median")),
            Map.entry("call_rtt", List.of("p99", "python_median", "limit_median")),
            Map.entry("call_rtt_hops", List.of("python_median", "limit_median")),
            Map.entry("call_pipelined", List.of("python_median")),
            Map.entry("call_threads", List.of("python_median")),
            Map.entry("blob", List.of("python_median", "limit_median")),
            Map.entry("relay", List.of("limit_median")),
            Map.entry("class_ship", List.of()),
            Map.entry("scale", List.of()),
            Map.entry("memory", List.of("python_median")),
            Map.entry("bytes", List.of("python_median")),
            Map.entry("jmh", List.of()));

    private static final long SOON_S = 20;

    @TempDir
    private Path out;

    @Test
    void shouldMeasureEverythingAndLeaveNothing() throws Exception {
        int status = run();

        Map<String, Object> results = results();
        String log = Files.readString(out.resolve("log"));
        for (Map.Entry<String, List<String>> expected : SIDES.entrySet()) {
            Map<String, Object> result = object(results.get(expected.getKey()));
            assertNotNull(result, expected.getKey() + " is missing in " + results.keySet());
            assertFalse(result.containsKey("failure"), () -> expected.getKey() + ": " + result.get("failure"));
            assertTrue(result.get("at_least_holds") instanceof Boolean, expected.getKey());
            List<String> figures = new ArrayList<>(expected.getValue());
            figures.add("median");
            for (String figure : figures) {
                assertTrue(
                        result.get(figure) instanceof Double,
                        () -> expected.getKey() + ": " + figure + " in " + result);
            }
        }
        assertEquals(SIDES.size() + 1, results.size(), "the machine and all workloads in " + results.keySet());
        assertEquals(0, status, log);
        assertTrue(Files.exists(out.resolve("benchmarks.md")), "the page is there");
        assertEquals(List.of(), temporaryFiles(), "temporary files that are left");
        assertNoProcessIsLeft();
    }

    @Test
    void shouldLeaveNothingWhenItIsToldToEnd() throws Exception {
        Process program = start("--quick", "--only", "local_connect");
        List<ProcessHandle> below;
        try {
            // the peer, and a context that one of the two has started
            Eventually.until(Duration.ofSeconds(60), () -> program.descendants().count() >= 2);
            below = program.descendants().toList();
            program.destroy();
            assertTrue(program.waitFor(60, TimeUnit.SECONDS), "it has ended");
        } finally {
            program.destroyForcibly();
        }

        for (ProcessHandle each : below) {
            each.onExit().get(SOON_S, TimeUnit.SECONDS);
        }
        assertEquals(List.of(), temporaryFiles(), "temporary files that are left");
        assertFalse(Files.exists(out.resolve("results.json")), "there are no results");
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + Files.createDirectory(out.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--out",
                out.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("log").toFile())
                .start();
    }

    private int run() throws Exception {
        Process process = start("--smoke");
        try {
            assertTrue(process.waitFor(150, TimeUnit.SECONDS), "it has ended");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private Map<String, Object> results() throws IOException {
        Path file = out.resolve("results.json");
        assertTrue(Files.exists(file), () -> "no results.json; log: " + read(out.resolve("log")));
        return object(JsonText.parse(Files.readString(file)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @SuppressWarnings("unchecked") // keys of JSON are text
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(out.resolve("tmp"))) {
            return files.toList();
        }
    }

    private static void assertNoProcessIsLeft() throws Exception {
        for (ProcessHandle left : ProcessHandle.current().descendants().toList()) {
            left.onExit().get(SOON_S, TimeUnit.SECONDS);
        }
    }
}
