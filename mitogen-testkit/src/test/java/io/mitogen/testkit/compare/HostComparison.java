// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.compare;

import io.mitogen.connect.Sudo;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Connects to one host by this library and by Python Mitogen, in turns.
 *
 * @param rounds of one turn each
 * @param connects a turn, after one that does not count
 * @param atOnce how many ssh contexts are connected at the same time, once a turn
 */
record HostComparison(DockerHost host, int rounds, int connects, int atOnce) {
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_KIB = 1024;

    /** Measures. */
    Figures measure() throws Exception {
        Figures figures = new Figures();
        Mitogen.run(router -> {
            for (int round = 0; round < rounds; round++) {
                measureOurs(router, figures);
                measurePython(figures);
            }
        });
        return figures;
    }

    /** Returns a table for people. */
    String table(Figures figures) {
        return String.format(
                        Locale.ROOT,
                        "JDK %s here, %d processors, %d rounds in turns of %d connects, medians%n%n%-48s %12s %12s %8s%n",
                        Runtime.version(),
                        Runtime.getRuntime().availableProcessors(),
                        rounds,
                        connects,
                        "",
                        "this library",
                        "Python",
                        "ratio")
                + figures.line("plain_ssh_ms", "ssh itself, with the command true, ms")
                + figures.line("ssh_ms", "ssh with a key, ms")
                + figures.line("sudo_ms", "the first sudo via it, no password, ms")
                + figures.line("sudo_again_ms", "a second sudo via it, ms")
                + figures.line("sudo_password_ms", "the first sudo via another, with password, ms")
                + figures.line("many_ms", atOnce + " ssh contexts at once, ms")
                + figures.line("many_descriptors", "descriptors for these in the master")
                + figures.line("many_threads", "threads of the library in the master then")
                + figures.line("many_reapers", "threads of the JDK that wait for processes then")
                + figures.line("many_rss_kib", "resident memory of the master then, KiB")
                + figures.line("many_heap_kib", "heap for these in the master, KiB");
    }

    private void measureOurs(MasterRouter router, Figures figures) throws Exception {
        for (int i = 0; i <= connects; i++) {
            long startNs = System.nanoTime();
            new ProcessBuilder(host.sshCommand(Account.SUDO_FREE, "true"))
                    .start()
                    .waitFor();
            double plainMs = (System.nanoTime() - startNs) / NS_PER_MS;
            List<Double> times = new ArrayList<>();
            Context free = timed(router, ssh(Account.SUDO_FREE), times);
            timed(router, Sudo.to("root").via(free), times);
            timed(router, Sudo.to("root").via(free), times);
            Context asked = timed(router, ssh(Account.SUDO_PASSWORD), new ArrayList<>());
            timed(
                    router,
                    Sudo.to("root").password(Account.SUDO_PASSWORD.password()).via(asked),
                    times);
            end(free);
            end(asked);
            if (i > 0) {
                figures.addOwn("plain_ssh_ms", plainMs);
                figures.addOwn("ssh_ms", times.get(0));
                figures.addOwn("sudo_ms", times.get(1));
                figures.addOwn("sudo_again_ms", times.get(2));
                figures.addOwn("sudo_password_ms", times.get(3));
            }
        }
        measureMany(router, figures);
    }

    private static Context timed(MasterRouter router, ConnectionMethod method, List<Double> times) {
        long startNs = System.nanoTime();
        Context context = router.connect(method);
        times.add((System.nanoTime() - startNs) / NS_PER_MS);
        return context;
    }

    private Ssh ssh(Account account) {
        return host.ssh(account);
    }

    private static void end(Context context) throws Exception {
        context.shutdown();
        context.gone().get();
    }

    private void measureMany(MasterRouter router, Figures figures) throws Exception {
        double heap = heapKib();
        int descriptors = descriptors();
        long startNs = System.nanoTime();
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            attempts.add(router.connectAsync(ssh(Account.OPS)));
        }
        List<Context> contexts = new ArrayList<>();
        for (CompletableFuture<Context> attempt : attempts) {
            contexts.add(attempt.get());
        }
        figures.addOwn("many_ms", (System.nanoTime() - startNs) / NS_PER_MS);
        figures.addOwn("many_descriptors", descriptors() - descriptors);
        figures.addOwn("many_threads", threads("mitogen."));
        figures.addOwn("many_reapers", threads("process reaper"));
        figures.addOwn("many_rss_kib", residentKib());
        figures.addOwn("many_heap_kib", heapKib() - heap);
        contexts.forEach(Context::shutdown);
        for (Context context : contexts) {
            context.gone().get();
        }
    }

    private static int threads(String prefix) {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    private static double heapKib() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_KIB;
    }

    private static double residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }

    /** Returns the interpreter in the variable PYTHON, else the first that has Mitogen, as {@code bin/verify} looks for it. */
    private static String python() throws Exception {
        String chosen = System.getenv("PYTHON");
        if (chosen != null) {
            return chosen;
        }
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (hasMitogen(python)) {
                return python;
            }
        }
        throw new IOException("neither the python3 of the PATH nor /usr/bin/python3 has the package mitogen");
    }

    private static boolean hasMitogen(String python) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(python, "-c", "import mitogen")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException expected) { // there is no such program
            return false;
        }
    }

    private void measurePython(Figures figures) throws Exception {
        List<String> command = List.of(
                python(),
                "src/test/python/compare_hosts.py",
                Integer.toString(host.port()),
                host.identity().toString(),
                host.knownHosts().toString(),
                Integer.toString(connects),
                Integer.toString(atOnce));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                figures.addPython(words[0], Double.parseDouble(words[1]));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(command + " ended with status " + process.exitValue());
        }
    }
}
