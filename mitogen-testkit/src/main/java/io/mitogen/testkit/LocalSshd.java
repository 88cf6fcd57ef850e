// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * An ssh server of one's own, for tests on a machine without Docker: the {@code sshd} that is installed, on a free port of
 * 127.0.0.1, with keys, configuration and log in a throw-away folder. It accepts the key in {@link #identity} and nothing
 * else, and needs no privilege: without any it accepts the user who started it, as root every account that is not locked.
 *
 * <pre>{@code
 * try (LocalSshd sshd = LocalSshd.start()) {
 *     Process ssh = new ProcessBuilder(sshd.sshCommand("echo hello")).start();
 *     ...
 * }
 * }</pre>
 *
 * <p>In JUnit 5, a test class that is marked {@link RequiresSshd} may take one as a parameter of its methods.
 *
 * <p>When this JVM dies, its server ends with it and the folder is deleted: a shell that started the server waits for the end
 * of a pipe that the JVM holds. Commands that still run in sessions are told by the end of their input only.
 *
 * <p>Any thread, {@link #close} one.
 */
public final class LocalSshd implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final long CHECK_NS = 2_000_000;

    private final SshdFolder files;
    private final Path folder;
    private final int port;
    private final Process keeper;
    private final ProcessHandle server;

    private LocalSshd(SshdFolder files, int port, Process keeper, ProcessHandle server) {
        this.files = files;
        this.folder = files.folder();
        this.port = port;
        this.keeper = keeper;
        this.server = server;
    }

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param config lines as in {@code sshd_config}, which win over those that are written here
     * @throws IllegalStateException when a program is missing, or the server does not start; says why
     */
    public static LocalSshd start(String... config) {
        missing().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        try {
            SshdFolder files = SshdFolder.create();
            try {
                SshdStarter starter = new SshdStarter(files, List.of(config));
                Process keeper = starter.start();
                return new LocalSshd(files, starter.port(), keeper, starter.server());
            } catch (IOException | RuntimeException e) {
                files.delete();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start sshd on 127.0.0.1", e);
        }
    }

    /** Returns what this machine lacks to start a server, and what to do about it; empty when it lacks nothing. */
    public static Optional<String> missing() {
        return Tool.missing(
                List.of("sshd", "ssh", "ssh-keygen"),
                "install OpenSSH, its server and its client"
                        + " (Debian: apt-get install openssh-server openssh-client)");
    }

    /** Returns 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** Returns the port of {@link #host} that the server listens on. */
    public int port() {
        return port;
    }

    /** Returns the name of the user who runs this, who can log in. */
    public String user() {
        return System.getProperty("user.name");
    }

    /** Returns the file with the private key that the server accepts. */
    public Path identity() {
        return files.identity();
    }

    /**
     * Makes another key.
     *
     * @param passphrase to lock the file with, empty for none. It is on the command line of {@code ssh-keygen} for a moment
     * @param accepted whether the server shall accept the key
     * @return the file with the private key, deleted with the server
     */
    public Path newIdentity(String passphrase, boolean accepted) {
        try {
            return files.newIdentity(passphrase, accepted);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a key in " + folder, e);
        }
    }

    /** Returns a file as {@code ~/.ssh/known_hosts} that has the key of this server, for every port of 127.0.0.1. */
    public Path knownHosts() {
        return files.knownHosts();
    }

    /** Returns a file as {@code ~/.ssh/known_hosts} that has another key for every port of 127.0.0.1. */
    public Path wrongKnownHosts() {
        return files.wrongKnownHosts();
    }

    /** Returns the fingerprint of the server's key as {@code ssh} prints it: {@code SHA256:} and 43 characters. */
    public String hostKeyFingerprint() {
        try {
            return files.hostKeyFingerprint();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the server's key in " + folder, e);
        }
    }

    /** Returns the throw-away folder, where a test may put what its configuration names. */
    public Path folder() {
        return folder;
    }

    /** Returns the process id of the server. */
    public long pid() {
        return server.pid();
    }

    /** Returns what the server has logged so far, oldest first. */
    public List<String> log() {
        try {
            return files.log();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log of sshd in " + folder, e);
        }
    }

    /** Returns arguments that make {@code ssh} ask nothing and care for no file of the user's: key, host keys, port. */
    public List<String> sshArguments() {
        List<String> words = new ArrayList<>(SshClient.options(identity(), knownHosts()));
        words.addAll(List.of("-o", "BatchMode=yes", "-p", Integer.toString(port), "-l", user()));
        return words;
    }

    /**
     * Returns how to connect as {@link #user} with the key, whatever stands in the user's own configuration of ssh. Another key,
     * a passphrase and the like may be added.
     */
    public Ssh ssh() {
        return Ssh.to(host())
                .port(port())
                .user(user())
                .identity(identity().toString())
                .hostKeys(HostKeys.ENFORCE)
                .arguments(SshClient.options(knownHosts()).toArray(String[]::new));
    }

    /** Returns a whole command line that runs {@code command} in the login shell of {@link #user}. */
    public List<String> sshCommand(String command) {
        List<String> words = new ArrayList<>();
        words.add(Tool.find("ssh").getPath());
        words.addAll(sshArguments());
        words.add(host());
        words.add(command);
        return words;
    }

    /** Returns a shell in a session of the server, a new one for each script, for checks that look from there. */
    public HostShell shell() {
        return (script, input) ->
                Tool.output(sshCommand("exec /bin/sh -c '" + script.replace("'", "'\\''") + "'"), input);
    }

    /**
     * Watches what sessions leave that begin from now on: processes of this server, and those of its sessions wherever they
     * have gone, as long as they keep the environment that they were given. Linux only; elsewhere it sees descendants only.
     */
    public LeakCheck leakCheck() {
        return ProcessLeakCheck.startOnSshd(server, files.mark());
    }

    /**
     * Ends the server and everything that its sessions started, and deletes the folder, also when the thread is interrupted.
     * Closed again, it does nothing.
     *
     * @throws AssertionError that lists what cannot be ended, for example because it belongs to another user
     */
    @Override
    public void close() {
        boolean wasInterrupted = Thread.interrupted();
        try {
            endProcesses();
        } finally {
            deleteFiles();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void endProcesses() {
        Set<ProcessHandle> begun = ProcessLeakCheck.onSshd(server, files.mark()); // later they have another parent
        server.destroy();
        if (!isKeeperOver()) {
            server.destroyForcibly();
            begun.add(server);
        }
        begun.addAll(ProcessLeakCheck.onSshd(server, files.mark()));
        begun.forEach(ProcessHandle::destroyForcibly);
        ProcessLeakCheck.of(begun).check(END_LIMIT);
    }

    /** Does not care for interrupts, as what has begun must come to its end. */
    private boolean isKeeperOver() {
        long end = System.nanoTime() + END_LIMIT.toNanos();
        while (keeper.isAlive() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(CHECK_NS);
        }
        return !keeper.isAlive();
    }

    private void deleteFiles() {
        try {
            keeper.getOutputStream().close();
            files.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear up after sshd in " + folder, e);
        }
    }

    @Override
    public String toString() {
        return "sshd on 127.0.0.1:" + port + ", process " + server.pid();
    }
}
