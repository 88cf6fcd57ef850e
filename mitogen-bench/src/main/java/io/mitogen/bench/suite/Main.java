// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.suite;

import io.mitogen.bench.report.Json;
import io.mitogen.bench.report.Page;
import io.mitogen.bench.report.Plot;
import io.mitogen.bench.report.Result;
import io.mitogen.bench.report.Table;
import io.mitogen.bench.side.PythonPeer;
import io.mitogen.bench.work.Stand;
import io.mitogen.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program behind {@code bin/bench}. It ends with 0 when everything could be measured, whether the bounds hold or not; with 1 when
 * something could not, and with 2 when it does not understand its command line. When it is told to end it clears up first.
 */
public final class Main {
    private static final int CLEAR_UP_SECONDS = 45;

    private Main() {}

    /** Measures, prints and writes. */
    public static void main(String[] args) throws Exception {
        Options options;
        List<Workload> workloads;
        try {
            options = Options.parse(List.of(args));
            workloads = Catalogue.choose(options.only());
        } catch (IllegalArgumentException e) {
            System.err.println("bin/bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        Thread main = Thread.currentThread();
        Thread hook = new Thread(() -> {
            main.interrupt();
            try {
                main.join(TimeUnit.SECONDS.toMillis(CLEAR_UP_SECONDS));
            } catch (InterruptedException expected) {
                // then it is not waited for
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        boolean complete = false;
        try {
            complete = run(options, workloads);
        } catch (InterruptedException e) {
            System.err.println("bin/bench: interrupted");
            return; // the JVM is ending already
        }
        Runtime.getRuntime().removeShutdownHook(hook);
        System.exit(complete ? 0 : 1);
    }

    /** Returns whether everything could be measured. */
    static boolean run(Options options, List<Workload> workloads) throws IOException, InterruptedException {
        try (PythonPeer python = startPython(options.python());
                Standstills standstills = new Standstills()) {
            Stand stand = new Stand(options.effort(), python);
            List<Result> results = new Suite(stand, standstills, System.out::println).run(workloads);
            Map<String, Object> machine = Machine.describe(options, python == null ? "none" : python.version());
            boolean complete = python != null && results.stream().noneMatch(Result::isFailure);
            write(options, machine, results, complete);
            System.out.println();
            System.out.print(Table.of(results));
            return complete;
        }
    }

    private static void write(Options options, Map<String, Object> machine, List<Result> results, boolean complete)
            throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        for (Result result : results) {
            all.put(result.key(), result.toMap());
        }
        Files.createDirectories(options.out());
        Files.writeString(options.out().resolve("results.json"), Json.write(all));
        Map<String, Plot> overview = Overview.of(results);
        Page.write(options.out(), machine, overview, results);
        if (!options.docs().isEmpty() && complete) {
            Page.write(Path.of(options.docs()), machine, overview, results);
        }
    }

    private static PythonPeer startPython(String python) throws InterruptedException {
        try {
            return new PythonPeer(python);
        } catch (IOException e) {
            System.err.println(
                    "bin/bench: going on without Python Mitogen, so that what is held against it does not hold: "
                            + e.getMessage());
            return null;
        }
    }
}
