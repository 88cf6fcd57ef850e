// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** A process that the kit started, with what it says on standard error. Any thread. */
final class ChildProcess implements Running {
    private static final int KEPT_LINES = 20;
    private static final long GRACE_MS = 6_000;

    private final Process process;
    private final InputStream in;
    private final Deque<String> errors = new ArrayDeque<>(); // guarded by itself

    ChildProcess(List<String> argv) throws IOException {
        process = new ProcessBuilder(argv).start();
        in = new BufferedInputStream(process.getInputStream());
        Thread reader = new Thread(this::readErrors, "conformance stderr of " + process.pid());
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
        synchronized (errors) {
            return errors.isEmpty() ? "" : "; it said: " + String.join(" | ", errors);
        }
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public int awaitExit(Duration patience) throws Deviation {
        try {
            if (process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Deviation("the process ends", "it still runs after " + patience.toSeconds() + " s");
    }

    @Override
    public void stop() {
        List<ProcessHandle> all = process.descendants().collect(Collectors.toList());
        PatientOutput.closeSoon(process.getOutputStream());
        all.add(0, process.toHandle());
        for (ProcessHandle each : all) {
            end(each);
        }
    }

    private static void end(ProcessHandle process) {
        try {
            process.onExit().get(GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException expected) { // it does not want to
            process.destroyForcibly();
            process.onExit()
                    .completeOnTimeout(process, GRACE_MS, TimeUnit.MILLISECONDS)
                    .join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
