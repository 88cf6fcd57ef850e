// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A process that the kit started, with what it says on standard error. Any thread. */
final class ChildProcess implements Running {
    private static final int KEPT_LINES = 20;
    private static final long LAST_WORDS_MS = 300;
    private static final long POLL_MS = 100;
    private static final Pattern SHELL = Pattern.compile("(ba|da|k|z|a)?sh|busybox");

    private final Process process;
    private final ProcessTree tree;
    private final InputStream in;
    private final Thread reader;
    private final Deque<String> errors = new ArrayDeque<>(); // guarded by itself

    ChildProcess(List<String> argv) throws IOException {
        process = new ProcessBuilder(argv).start();
        tree = new ProcessTree(process.toHandle());
        in = new BufferedInputStream(process.getInputStream());
        reader = new Thread(this::readErrors, "conformance stderr of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void readErrors() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (errors) {
                    errors.add(line);
                    if (errors.size() > KEPT_LINES) {
                        errors.remove();
                    }
                }
            }
        } catch (IOException expected) { // the process was ended
            return;
        }
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return process.getOutputStream();
    }

    @Override
    public String errors() {
        try {
            reader.join(process.isAlive() ? 1 : LAST_WORDS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (errors) {
            return errors.isEmpty() ? "" : "; it said: " + String.join(" | ", errors);
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits a moment for the end of a process that may be about to end. */
    @Override
    public String state() {
        awaitLastWords();
        return "process " + process.pid()
                + (process.isAlive() ? " is alive" : " ended with exit status " + process.exitValue());
    }

    @Override
    public boolean isShell() {
        String program = process.info().command().orElse("");
        return process.isAlive()
                && SHELL.matcher(Path.of(program).getFileName() + "").matches()
                && tree.hasDescendants();
    }

    @Override
    public void kill() {
        tree.kill();
    }

    @Override
    public int awaitExit(Duration patience) throws Deviation {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            do {
                tree.look();
                if (process.waitFor(Math.min(POLL_MS, patience.toMillis()), TimeUnit.MILLISECONDS)) {
                    return process.exitValue();
                }
            } while (deadline - System.nanoTime() > 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Deviation("the process ends", "it still runs after " + patience.toMillis() / 1000.0 + " s");
    }

    @Override
    public void stop(Duration grace) {
        tree.look();
        PatientOutput.closeSoon(process.getOutputStream());
        if (!tree.awaitEnd(grace.toMillis())) {
            tree.kill();
        }
        awaitLastWords(); // its end is noticed a moment later
    }

    private void awaitLastWords() {
        try {
            process.waitFor(LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
