// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.side;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which cores processes run on, told to the system with {@code taskset} of util-linux. Where two processes run that wait for each
 * other is a matter of luck, and of a factor of eight: on one core a pipe's ping-pong takes 5 us where waking another core takes 20.
 * Thread of the suite. Close it, and this process is free again; others have to end before.
 */
public final class Cores implements AutoCloseable {
    private static final int SECONDS = 10;

    private final long self = ProcessHandle.current().pid();
    private final String allowed;
    private final List<Integer> cores = new ArrayList<>();

    /** Finds out what this process may run on. */
    public Cores() throws IOException {
        String told = taskset("-c", "-p", Long.toString(self)); // pid 1's current affinity list: 0,2-5
        allowed = told.substring(told.lastIndexOf(' ') + 1);
        for (String range : allowed.isEmpty() ? new String[0] : allowed.split(",")) {
            String[] ends = range.split("-");
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
    }

    /** Tells whether there are two cores, and a way to choose between them. */
    public boolean areTwo() {
        return cores.size() > 1;
    }

    /** Has this process run on one core, and each other one, in turns, on another one and on this. */
    public void alternate(List<Long> pids) throws IOException {
        pin(self, 0);
        for (int i = 0; i < pids.size(); i++) {
            pin(pids.get(i), (i + 1) % 2);
        }
    }

    /** Has this process and others run on the same core. */
    public void together(List<Long> pids) throws IOException {
        pin(self, 0);
        for (long pid : pids) {
            pin(pid, 0);
        }
    }

    private void pin(long pid, int index) throws IOException {
        String core = Integer.toString(cores.get(index));
        if (taskset("-a", "-c", "-p", core, Long.toString(pid)).isEmpty()) {
            throw new IOException("process " + pid + " cannot be told to run on core " + core);
        }
    }

    @Override
    public void close() throws IOException {
        if (!allowed.isEmpty()) {
            taskset("-a", "-c", "-p", allowed, Long.toString(self));
        }
    }

    /** Returns the last line that it prints; empty where there is no such program, or it refuses. */
    private static String taskset(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException expected) { // not there
            return "";
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("taskset does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a process was told where to run", e);
        }
        return process.exitValue() == 0 ? output.substring(output.lastIndexOf('\n') + 1) : "";
    }
}
