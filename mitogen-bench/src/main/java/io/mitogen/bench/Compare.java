// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Prints the figures of this library beside those of Python Mitogen, measured in turns in one run: {@code Compare PYTHON SCRIPT
 * [ROUNDS]}. The main program of {@code bin/compare}.
 */
public final class Compare {
    private static final int DEFAULT_ROUNDS = 6;
    private static final int CONNECTS = 8; // a round, after one that does not count
    private static final int CALLS = 500; // a round, after as many that do not count
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_US = 1e3;

    private final Map<String, List<Double>> ours = new HashMap<>();
    private final Map<String, List<Double>> pythons = new HashMap<>();

    private Compare() {}

    /** Measures and prints. */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: Compare PYTHON SCRIPT [ROUNDS]");
        }
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_ROUNDS;
        Compare compare = new Compare();
        Mitogen.run(router -> {
            for (int round = 0; round < rounds; round++) {
                compare.measureOurs(router, Local.create(), "", (leaf, i) -> leaf.call(Numbers::add, i, 1));
                compare.measureOurs(
                        router,
                        Local.create().python(args[0]),
                        "python_",
                        (leaf, i) -> leaf.call("operator", "add", i, 1));
                compare.measurePython(args[0], args[1]);
            }
            compare.measureBytes(router, Local.create(), "", leaf -> leaf.call("java.lang.System", "lineSeparator"));
            compare.measureBytes(router, Local.create().python(args[0]), "python_", leaf -> leaf.call("os", "getpid"));
            compare.measureClasses(router);
        });
        compare.print(rounds);
    }

    private void measureOurs(MasterRouter router, Local method, String prefix, BiConsumer<Context, Integer> caller)
            throws Exception {
        for (int i = 0; i <= CONNECTS; i++) {
            long startNs = System.nanoTime();
            Context leaf = router.connect(method);
            double takenMs = (System.nanoTime() - startNs) / NS_PER_MS;
            if (i > 0) {
                add(ours, prefix + "connect_ms", takenMs);
            } else {
                add(ours, prefix + "rss_kib", residentKib(leaf));
            }
            if (i < CONNECTS) {
                end(leaf);
                continue;
            }
            for (int call = 0; call < 2 * CALLS; call++) {
                startNs = System.nanoTime();
                caller.accept(leaf, call);
                if (call >= CALLS) {
                    add(ours, prefix + "call_us", (System.nanoTime() - startNs) / NS_PER_US);
                }
            }
            end(leaf);
        }
    }

    private static void end(Context context) throws Exception {
        context.shutdown();
        context.gone().get();
    }

    private static double residentKib(Context local) throws IOException {
        String pid = local.name().substring(local.name().lastIndexOf('.') + 1);
        for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS for process " + pid);
    }

    private void measurePython(String python, String script) throws Exception {
        Process process = new ProcessBuilder(python, script, Integer.toString(CONNECTS), Integer.toString(CALLS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                add(pythons, words[0], Double.parseDouble(words[1]));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(python + " " + script + " ended with status " + process.exitValue());
        }
    }

    /** @param call makes a call: when the copier has passed that on, it has written the rest */
    private void measureBytes(MasterRouter router, Local method, String prefix, Consumer<Context> call)
            throws Exception {
        Path copy = Files.createTempFile("mitogen-compare", ".sent");
        try {
            AtomicInteger commandBytes = new AtomicInteger();
            Context leaf = router.connect(new MeteredLocal(method.common(), copy, commandBytes));
            call.accept(leaf);
            add(ours, prefix + "payload_bytes", commandBytes.get() + Files.size(copy));
            end(leaf);
        } finally {
            Files.delete(copy);
        }
    }

    private void measureClasses(MasterRouter router) throws Exception {
        Path log = Files.createTempFile("mitogen-compare", ".classes");
        try {
            Context leaf =
                    router.connect(Local.create().jvmOptions("-Xlog:class+load:file=" + log + ":none:filecount=0"));
            add(ours, "classes", Files.readAllLines(log).size());
            end(leaf);
        } finally {
            Files.delete(log);
        }
    }

    private static void add(Map<String, List<Double>> figures, String name, double value) {
        figures.computeIfAbsent(name, added -> new ArrayList<>()).add(value);
    }

    private void print(int rounds) {
        System.out.printf(
                Locale.ROOT,
                "JDK %s, %d processors, %d rounds in turns, medians%n%n%-42s %12s %12s %8s%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                rounds,
                "",
                "this library",
                "Python",
                "ratio");
        print("connect a local context, ms", "connect_ms", "connect_ms");
        print("  a Python context", "python_connect_ms", "connect_ms");
        print("call a function in it, us", "call_us", "call_us");
        print("  in a Python context", "python_call_us", "call_us");
        print("bytes to start a leaf, command included", "payload_bytes", "payload_bytes");
        print("  a Python context", "python_payload_bytes", "payload_bytes");
        print("resident memory of a leaf at ready, KiB", "rss_kib", "rss_kib");
        print("  of a Python context", "python_rss_kib", "rss_kib");
        print("classes loaded by a leaf at ready", "classes", "classes");
    }

    private void print(String label, String name, String pythonsName) {
        double own = median(ours.get(name));
        if (pythons.containsKey(pythonsName)) {
            double other = median(pythons.get(pythonsName));
            System.out.printf(Locale.ROOT, "%-42s %12.1f %12.1f %8.2f%n", label, own, other, own / other);
        } else {
            System.out.printf(Locale.ROOT, "%-42s %12.1f%n", label, own);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
