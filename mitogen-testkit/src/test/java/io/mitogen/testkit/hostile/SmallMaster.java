// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A master with 64 MiB of heap in a process of its own, and the test's handle on it. One thread at a time. */
final class SmallMaster implements AutoCloseable {
    private static final int ANSWER_SECONDS = 60;

    private final Process process;
    private final BufferedReader lines;

    SmallMaster() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallMaster.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Sends a line and returns the answer; fails when the master has died. */
    String ask(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(this::readLine);
        try {
            return answer.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new AssertionError("no answer to \"" + line + "\"", e);
        }
    }

    private String readLine() {
        try {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the master died");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a hostile child below the master, which is up when this returns. */
    HostileChild child(HostileChild.Dialect dialect) throws IOException {
        HostileChild child = new HostileChild(dialect, port -> {
            ask("connect " + dialect + " " + port);
            return CompletableFuture.completedFuture(null);
        });
        child.boot();
        ask("up");
        return child;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }

    /** Obeys the lines on standard input. */
    public static void main(String[] args) throws Exception {
        LogManager.getLogManager().reset();
        CountDownLatch isForgiven = new CountDownLatch(1);
        Broker broker = Mitogen.startBroker();
        MasterRouter router = new MasterRouter(broker);
        Context honest = router.local();
        List<CompletableFuture<Context>> hostile = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    switch (words[0]) {
                        case "connect" -> {
                            HostileChild.Dialect dialect = HostileChild.Dialect.valueOf(words[1]);
                            hostile.add(router.connectAsync(
                                    new HostileMethod(dialect.options(), Integer.parseInt(words[2]))));
                            yield "connecting";
                        }
                        case "up" -> hostile.get(hostile.size() - 1).join().name();
                        case "call" -> honest.call(HostileContract.Honest::say, words[1]);
                        case "gone" -> // waits
                            hostile.get(Integer.parseInt(words[1]))
                                    .join()
                                    .gone()
                                    .join();
                        case "isGone" ->
                            hostile.get(Integer.parseInt(words[1]))
                                    .join()
                                    .gone()
                                    .isDone();
                        case "hold" -> {
                            Logger.getLogger("mitogen").addHandler(new Holder(isForgiven));
                            yield "held";
                        }
                        case "used" -> {
                            System.gc();
                            yield Runtime.getRuntime().totalMemory()
                                    - Runtime.getRuntime().freeMemory();
                        }
                        default -> throw new IllegalArgumentException(line);
                    });
        }
    }

    /** A log handler that takes a record of a context and does not come back. */
    private static final class Holder extends Handler {
        private final CountDownLatch end;

        Holder(CountDownLatch end) {
            this.end = end;
        }

        @Override
        public void publish(LogRecord record) {
            try {
                if (record.getLoggerName().startsWith("mitogen.ctx.")) {
                    end.await();
                }
            } catch (InterruptedException expected) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
