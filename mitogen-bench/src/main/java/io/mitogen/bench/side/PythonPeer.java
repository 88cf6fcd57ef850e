// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import io.mitogen.bench.report.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Python Mitogen: a long-lived interpreter that measures when it is told to. One thread at a time. Close it.
 *
 * <p>Its program and a module of a user are resources of this class; they lie in a folder of their own while it runs. A command is a
 * line of words; the answer is a line that begins with {@code ok}, and has numbers, or with {@code failed}, and has the reason.
 */
public final class PythonPeer implements AutoCloseable {
    private static final List<String> FILES = List.of("peer.py", "peer_functions.py");
    private static final int START_SECONDS = 30;
    private static final int END_SECONDS = 10;

    private final Process process;
    private final Path folder;
    private final BufferedReader answers;
    private final Writer commands;
    private final String version;

    /**
     * Starts it.
     *
     * @throws IOException when the interpreter cannot be started or has no Mitogen; says so
     */
    public PythonPeer(String python) throws IOException, InterruptedException {
        folder = Files.createTempDirectory("mitogen-bench");
        Process started = null;
        try {
            for (String file : FILES) {
                try (InputStream in = PythonPeer.class.getResourceAsStream("/python/" + file)) {
                    Files.copy(in, folder.resolve(file));
                }
            }
            started = new ProcessBuilder(
                            python, "-B", folder.resolve(FILES.get(0)).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process = started;
            answers = process.inputReader();
            commands = process.outputWriter();
            version = answer("the start of " + python, START_SECONDS);
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (started != null) {
                started.destroyForcibly();
            }
            deleteFolder();
            throw e;
        }
    }

    /** Returns the versions of Python and of Mitogen. */
    public String version() {
        return version;
    }

    /**
     * Has a command run.
     *
     * @return the numbers that it answers with
     * @throws IOException when it fails, or takes longer than {@code seconds}; the peer cannot be used again then
     */
    public double[] run(int seconds, String command, long... arguments) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder(command);
        for (long argument : arguments) {
            line.append(' ').append(argument);
        }
        commands.append(line).append('\n').flush();
        String answer = answer(line.toString(), seconds);
        String[] words = answer.split(" ");
        double[] numbers = new double[answer.isEmpty() ? 0 : words.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(words[i]);
        }
        return numbers;
    }

    /** Has a command run and adds the numbers to {@code samples}. */
    public void measure(Samples samples, int seconds, String command, long... arguments)
            throws IOException, InterruptedException {
        samples.addAll(run(seconds, command, arguments));
    }

    private String answer(String what, int seconds) throws IOException, InterruptedException {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        line.complete(answers.readLine());
                    } catch (IOException e) {
                        line.completeExceptionally(e);
                    }
                },
                "python.answer");
        reader.setDaemon(true);
        reader.start();
        try {
            String answer = line.get(seconds, TimeUnit.SECONDS);
            if (answer == null || !answer.startsWith("ok")) {
                throw new IOException("Python Mitogen, " + what + ": "
                        + (answer == null ? "it ended; is the package mitogen there?" : answer));
            }
            return answer.substring(2).trim();
        } catch (ExecutionException e) {
            throw new IOException("Python Mitogen, " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("Python Mitogen, " + what + ": no answer within " + seconds + " s", e);
        }
    }

    /** Ends it, by force if it does not, and deletes its folder. */
    @Override
    public void close() throws IOException {
        try {
            commands.close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            deleteFolder();
        }
    }

    private void deleteFolder() throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.delete(folder);
    }
}
