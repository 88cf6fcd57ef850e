// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Starts the server of a {@link LocalSshd}: looks for a port until the server has one for itself. One thread. */
final class SshdStarter {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PORTS_TO_TRY = 5;

    /* Lives as long as the server, and ends it at the end of standard input, which the JVM holds open. Deletes first, because
     * the end of the server ends the reader. `read` is part of the shell: nothing but the two shells has to end. Signals
     * for the whole group of the JVM, as of an interrupted test run, must not keep the reader from its work. */
    private static final String KEEPER = """
            folder=$1; shift; exec 3<&0 </dev/null
            "$@" 3<&- & sshd=$!
            {
                trap '' HUP INT TERM
                while read -r line; do :; done <&3
                rm -rf -- "$folder"
                kill $(cat /proc/$sshd/task/$sshd/children 2>/dev/null) "$sshd"
            } & reader=$!
            exec 3<&-
            wait "$sshd"; status=$?
            kill -KILL "$reader" 2>/dev/null
            exit "$status"
            """;

    private final SshdFolder files;
    private final List<String> extraConfig;
    private int port;
    private @Nullable ProcessHandle server;

    SshdStarter(SshdFolder files, List<String> extraConfig) {
        this.files = files;
        this.extraConfig = extraConfig;
    }

    /**
     * Returns the shell that lives as long as the server does, and ends it at the end of its standard input.
     *
     * @throws IllegalStateException with what the server said when it does not start
     */
    Process start() throws IOException {
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // sshd insists on it; its service makes it at boot
        }
        for (int i = 1; ; i++) {
            port = freePort();
            files.writeConfig(port, extraConfig);
            allowFailures();
            Process keeper = startKeeper();
            try {
                if (isListening(keeper)) {
                    server = ProcessHandle.of(files.pid())
                            .orElseThrow(() -> new IllegalStateException("sshd on 127.0.0.1:" + port + " has ended"));
                    return keeper;
                }
            } catch (IOException | RuntimeException e) {
                end(keeper);
                throw e;
            }
            boolean taken = files.log().stream().anyMatch(line -> line.contains("Address already in use"));
            if (!taken || i == PORTS_TO_TRY) {
                throw new IllegalStateException(
                        "sshd did not start on 127.0.0.1:" + port + ": " + String.join("; ", files.log()));
            }
        }
    }

    /** Returns where the server listens that {@link #start} started. */
    int port() {
        return port;
    }

    /** Returns the server that {@link #start} started. */
    ProcessHandle server() {
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** From 9.8 on, a server shuts addresses out that fail often, as tests do on purpose. */
    private void allowFailures() throws IOException {
        String line = "PerSourcePenalties no";
        String config = files.config().toString();
        if (Tool.succeeds(List.of(Tool.find("sshd").getPath(), "-t", "-f", config, "-o", line))) {
            Files.writeString(files.config(), line + "\n", StandardOpenOption.APPEND);
        }
    }

    private Process startKeeper() throws IOException {
        return new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        KEEPER,
                        "sshd-keeper",
                        files.folder().toString(),
                        Tool.find("sshd").getPath(),
                        "-D",
                        "-e",
                        "-f",
                        files.config().toString())
                .redirectErrorStream(true)
                .redirectOutput(files.logFile())
                .start();
    }

    /** The server writes its process id down once it listens; its log depends on the level that was asked for. */
    private boolean isListening(Process keeper) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (keeper.isAlive()) {
            if (files.pidFile().toFile().length() > 0) {
                return true;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("sshd does not listen on 127.0.0.1:" + port + " after "
                        + LIMIT.toSeconds() + " s: " + String.join("; ", files.log()));
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }

    /** Ends a server that nobody will use, and the shells that keep it. */
    private static void end(Process keeper) {
        List<ProcessHandle> all = new ArrayList<>(keeper.descendants().toList());
        all.add(keeper.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly(); // closes its input as well
        ProcessLeakCheck.of(all).check(LIMIT);
    }
}
