// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link MasterProgram} that runs, the leader of a process group of its own. One thread at a time. */
final class MasterProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    /** Starts it on the Java in {@code javaHome}. */
    MasterProcess(String javaHome, String... args) throws IOException {
        this(List.of(), javaHome, args);
    }

    private MasterProcess(List<String> wrapper, String javaHome, String... args) throws IOException {
        this(wrapper, javaHome, List.of(), MasterProgram.class, args);
    }

    private MasterProcess(
            List<String> wrapper, String javaHome, List<String> jvmOptions, Class<?> program, String... args)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "setsid",
                "env",
                "--default-signal=INT")); // a build in the background ignores it, and so would its children
        words.addAll(wrapper);
        words.addAll(List.of(Path.of(javaHome, "bin", "java").toString(), "-XX:+UseSerialGC"));
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", MasterProgram.classPath(), program.getName()));
        words.addAll(List.of(args));
        process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    static MasterProcess start(String... args) throws IOException {
        return new MasterProcess(System.getProperty("java.home"), args);
    }

    /** Starts it by the command {@code wrapper}, which runs what follows its words. */
    static MasterProcess wrapped(List<String> wrapper, String... args) throws IOException {
        return new MasterProcess(wrapper, System.getProperty("java.home"), args);
    }

    /** Starts another program, with options for its JVM. */
    static MasterProcess running(Class<?> program, List<String> jvmOptions, String... args) throws IOException {
        return new MasterProcess(List.of(), System.getProperty("java.home"), jvmOptions, program, args);
    }

    String line() throws IOException {
        String line = lines.readLine();
        assertTrue(line != null, "the master ended without a word");
        return line;
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end and returns its exit status. */
    int end() throws InterruptedException {
        assertTrue(process.waitFor(Trees.SOON.toMillis(), TimeUnit.MILLISECONDS), "the master did not end");
        return process.exitValue();
    }

    /** Checks that nothing of it and of what it started is left. */
    void checkNothingLeft() throws InterruptedException {
        end();
        ProcessLeakCheck.ofGroup(pid()).check(Trees.SOON);
    }

    /** Checks how many processes there are when those that helped to start others have ended. */
    void checkCount(int expected) {
        LeakCheck group = ProcessLeakCheck.ofGroup(pid());
        Eventually.until(
                Trees.SOON,
                "there are " + expected + " processes",
                () -> group.leftovers().size() == expected);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }
}
