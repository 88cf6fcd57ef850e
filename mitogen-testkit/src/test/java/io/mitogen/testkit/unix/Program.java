// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.unix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own that is led by lines, Python with Mitogen or Java. One thread at a time. */
final class Program implements AutoCloseable {
    private static final long LIMIT_S = 60;

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    private Program(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a script of {@code src/test/python}. */
    static Program python(String script, Path socket) throws IOException, InterruptedException {
        return new Program(List.of(interpreter(), "src/test/python/" + script, socket.toString()));
    }

    /** Starts a class of these tests. */
    static Program java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                placeOf(main) + ":" + placeOf(MasterRouter.class) + ":" + placeOf(Broker.class),
                main.getName()));
        command.addAll(List.of(arguments));
        return new Program(command);
    }

    /** Runs a command to its end and returns what it printed. */
    static String printedBy(List<String> command) throws IOException, InterruptedException {
        try (Program program = new Program(command)) {
            String printed = new String(program.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            program.awaitEnd();
            return printed.strip();
        }
    }

    /** Returns the folder or jar from which a class came. */
    static Path placeOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private static String interpreter() throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            Process process = new ProcessBuilder(python, "-c", "import mitogen")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() == 0) {
                return python;
            }
        }
        throw new IOException("no python3 has the package mitogen; on Debian: apt-get install python3-mitogen");
    }

    /** Writes a line. */
    void say(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** Returns the next line that it prints. */
    String line() throws IOException {
        String line = output.readLine();
        assertTrue(line != null, "the program ended without a word");
        return line;
    }

    /** Writes a line and returns the one that answers it; quotes in {@code line} are single ones. */
    String ask(String line) throws IOException {
        say(line.replace('\'', '"'));
        return line();
    }

    long pid() {
        return process.pid();
    }

    /** Sends it a KILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Sends it a TERM. */
    void terminate() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }

    /** Ends its input, which ends it in order. */
    void end() throws IOException, InterruptedException {
        input.close();
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), "it did not end");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
