// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs of this machine that run to their end while the caller waits. Any thread. */
final class Tool {
    /** Where programs for administrators are, which a user's {@code $PATH} may lack. */
    static final List<String> SYSTEM_FOLDERS =
            List.of("/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin");

    private Tool() {}

    /** Returns the absolute file of a program, or null when there is none. */
    static File find(String program) {
        String path = System.getenv("PATH");
        List<String> folders = new ArrayList<>(List.of((path == null ? "" : path).split(File.pathSeparator)));
        folders.addAll(SYSTEM_FOLDERS);
        for (String folder : folders) {
            File file = new File(folder, program);
            if (file.isAbsolute() && file.canExecute()) {
                return file;
            }
        }
        return null;
    }

    /** Returns the first of these programs that is not there, with the remedy; empty when all are. */
    static Optional<String> missing(List<String> programs, String remedy) {
        for (String program : programs) {
            if (find(program) == null) {
                return Optional.of("no `" + program + "` in $PATH or " + SYSTEM_FOLDERS + "; " + remedy);
            }
        }
        return Optional.empty();
    }

    /** Throws with what the program printed when it fails. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes());
        if (status(process) != 0) {
            throw new IOException(command.get(0) + " failed: " + printed.trim());
        }
    }

    /** Returns what the program prints on standard output; throws with what it said on standard error when it fails. */
    static String output(List<String> command, String input) throws IOException {
        Path file = Files.createTempFile("testkit.said.", ""); // no pipe, which what it leaves running might hold open
        try (InputStream said = Files.newInputStream(file)) {
            Process process =
                    new ProcessBuilder(command).redirectError(file.toFile()).start();
            Files.delete(file); // so that it does not stay when this JVM is killed
            give(process.getOutputStream(), input);
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (status(process) != 0) {
                String reason = new String(said.readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(command.get(0) + " failed: " + reason.trim());
            }
            return printed;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Returns before all is given: a program may print before it has read everything, and need not read it at all. */
    private static void give(OutputStream program, String input) throws IOException {
        if (input.isEmpty()) {
            program.close();
            return;
        }
        Runnable writing = () -> {
            try (program) {
                program.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException expected) { // it has ended, and its status says how
                return;
            }
        };
        Thread writer = new Thread(writing, "mitogen.testkit.input");
        writer.setDaemon(true);
        writer.start();
    }

    /** Runs a program, ignores what it prints, and tells whether it succeeds. */
    static boolean succeeds(List<String> command) throws IOException {
        return status(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start())
                == 0;
    }

    private static int status(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while " + process.info().command().orElse("a program") + " ran", e);
        }
    }
}
