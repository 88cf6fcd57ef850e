// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
            if (isListening(keeper)) {
                return keeper;
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

    private boolean isListening(Process keeper) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (keeper.isAlive()) {
            if (files.log().stream().anyMatch(line -> line.startsWith("Server listening"))
                    && files.pidFile().toFile().length() > 0) {
                return true;
            }
            if (System.nanoTime() - end > 0) {
                keeper.getOutputStream().close();
                throw new IllegalStateException("sshd does not listen on 127.0.0.1:" + port + " after "
                        + LIMIT.toSeconds() + " s: " + String.join("; ", files.log()));
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }
}
