// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.pythonmaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.worker.Worker;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.testkit.ProcessLeakCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running Python program that can import mitogen and mitogen_jvm, the leader of a process group of its own. One thread. */
public final class PythonProgram implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MODULE = "mitogen_jvm.py";
    private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3", "python");

    private final Process process;
    private final BufferedReader lines;

    private PythonProgram(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Returns what is missing, if anything is. */
    static Optional<String> missing() {
        return interpreter().isPresent()
                ? Optional.empty()
                : Optional.of("none of " + INTERPRETERS + " can import mitogen; install python3-mitogen");
    }

    private static Optional<String> interpreter() {
        return INTERPRETERS.stream().filter(PythonProgram::hasMitogen).findFirst();
    }

    private static boolean hasMitogen(String interpreter) {
        try {
            return new ProcessBuilder(interpreter, "-c", "import mitogen.parent")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException expected) { // there is none of that name
            return false;
        }
    }

    /**
     * Starts a script.
     *
     * @param folder where the module is put
     */
    public static PythonProgram start(Path folder, Map<String, String> environment, List<String> arguments)
            throws IOException {
        try (InputStream module =
                Broker.class.getClassLoader().getResourceAsStream("io/mitogen/testkit/python/" + MODULE)) {
            Files.write(folder.resolve(MODULE), module.readAllBytes());
        }
        List<String> words = new ArrayList<>(List.of("setsid", interpreter().orElseThrow()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", folder.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment()
                .put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return new PythonProgram(builder.start());
    }

    /** Returns the class path of a JVM context: what a user takes from jars, and classes of the user's own. */
    static String classPath() {
        return placeOf(Broker.class) + ":" + placeOf(MasterRouter.class) + ":" + placeOf(Worker.class);
    }

    private static String placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    long pid() {
        return process.pid();
    }

    /** Returns what it prints next. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** Kills it, and nothing below it. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end, checks that it was well and that nothing is left; returns what it printed. */
    public String finish() throws IOException, InterruptedException {
        String text = String.join("\n", lines.lines().toList());
        assertTrue(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), text);
        assertEquals(0, process.exitValue(), text);
        checkNothingLeft();
        return text;
    }

    /** Checks that nothing of it and of what it started is left. */
    void checkNothingLeft() throws InterruptedException {
        assertTrue(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), "it did not end");
        ProcessLeakCheck.ofGroup(pid()).check(SOON);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }
}
