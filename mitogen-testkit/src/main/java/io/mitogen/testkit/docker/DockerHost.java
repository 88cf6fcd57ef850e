// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.HostLeakCheck;
import io.mitogen.testkit.HostShell;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host in a container: an sshd that this machine reaches through a port of 127.0.0.1, with sudo, su, doas, Java 17, Python
 * and the accounts of {@link Account}. Each has host keys of its own.
 *
 * <pre>{@code
 * try (DockerHost host = DockerHost.start()) {
 *     Process ssh = new ProcessBuilder(host.sshCommand(Account.OPS, "hostname")).start();
 *     ...
 * }
 * }</pre>
 *
 * <p>In JUnit 5, methods of a class that is marked {@link RequiresDocker} may take one as a parameter, the same all through
 * the run. The first start on a machine builds the image, which takes a minute or two; any other takes about a second.
 *
 * <p>A host that is not closed is removed when the JVM ends, unless that is killed. Any thread.
 */
public final class DockerHost implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.1";
    private static final byte[] NO_INPUT = {};
    private static final String WAIT_FOR_SSHD = "until [ -s /run/sshd.pid ]; do sleep 0.02; done";
    /** Ends the input of a script after so many bytes, because the engine does not. */
    private static final String WITH_INPUT = "head -c $1 | sh -c \"$2\"";

    private static final String HOST_KEY = "/run/testkit/host_key.pub";

    private final HostOptions options;
    private final HostContainer container;
    private final ClientKeys keys;
    private final int port;
    private Path knownHosts; // guarded by this
    private String hostKey; // guarded by this

    private DockerHost(HostOptions options, HostContainer container, ClientKeys keys) {
        this.options = options;
        this.container = container;
        this.keys = keys;
        this.hostKey = root(WAIT_FOR_SSHD + "; cat " + HOST_KEY).strip();
        this.port = options.published() ? container.port() : 0;
        this.knownHosts = writeKnownHosts(hostKey);
    }

    /** Starts an ordinary host and waits until it accepts connections. */
    public static DockerHost start() {
        return start(HostOptions.standard());
    }

    /**
     * Starts a host and waits until it accepts connections.
     *
     * @throws IllegalStateException when there is no engine, or the host does not start; says why
     */
    public static DockerHost start(HostOptions options) {
        missing().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        ClientKeys keys = ClientKeys.ofThisJvm();
        HostContainer container = HostContainer.start(options, ClientKeys.publicKey(keys.identity()));
        try {
            return new DockerHost(options, container, keys);
        } catch (RuntimeException e) {
            String log = lastWords(container);
            container.close();
            throw new IllegalStateException("the host " + options.name() + " did not start; it said: " + log, e);
        }
    }

    private static String lastWords(HostContainer container) {
        try {
            return container.log();
        } catch (RuntimeException e) { // such as an interrupt, which may be why it did not start
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    /** Returns why no host can be started here, and what to do about it; empty when one can. */
    public static Optional<String> missing() {
        return DockerEngine.missing().or(SshClient::missing);
    }

    /** Returns the engine's id of the container. */
    public String id() {
        return container.id();
    }

    /** Returns the name by which hosts of the same network find this one. */
    public String name() {
        return options.name();
    }

    /** Returns 127.0.0.1. */
    public String host() {
        return ADDRESS;
    }

    /**
     * Returns the port of {@link #host} that leads to sshd.
     *
     * @throws IllegalStateException when only other hosts can reach this one
     */
    public int port() {
        if (!options.published()) {
            throw new IllegalStateException(
                    this + " has no port here: only hosts of its network reach it, as " + name());
        }
        return port;
    }

    /** Returns the file with the private key that every account accepts that takes a key at all. */
    public Path identity() {
        return keys.identity();
    }

    /**
     * Makes another key.
     *
     * @param passphrase to lock the file with, empty for none. It is on the command line of {@code ssh-keygen} for a moment
     * @param accepted whether the host shall accept the key
     * @return the file with the private key, deleted when the JVM ends
     */
    public Path newIdentity(String passphrase, boolean accepted) {
        Path key = keys.generate(passphrase);
        if (accepted) {
            root("echo '" + ClientKeys.publicKey(key) + "' >>/run/testkit/authorized_keys");
        }
        return key;
    }

    /** Returns a file as {@code ~/.ssh/known_hosts} that has the present key of this host, under all its names. */
    public synchronized Path knownHosts() {
        return knownHosts;
    }

    /** Returns a file as {@code ~/.ssh/known_hosts} that has another key for this host, under all its names. */
    public Path wrongKnownHosts() {
        return writeKnownHosts(ClientKeys.publicKey(keys.generate("")));
    }

    /** Returns the public half of the host's present key: its type and its base64 text. */
    public synchronized String hostKey() {
        return hostKey;
    }

    /** Gives the host another key, as if it had been installed anew. Connections stay; {@link #knownHosts} is another file. */
    public synchronized void changeHostKey() {
        hostKey = root("sh /opt/testkit/new-host-key && cat " + HOST_KEY).strip();
        knownHosts = writeKnownHosts(hostKey);
    }

    private Path writeKnownHosts(String key) {
        String names = name() + (options.published() ? ",[" + ADDRESS + "]:" + port : "");
        return keys.write(names + " " + key + "\n");
    }

    /** Returns arguments that make {@code ssh} log in with the key, ask nothing and care for no file of the user's. */
    public List<String> sshArguments(Account account) {
        List<String> words = new ArrayList<>(List.of("-p", Integer.toString(port()), "-l", account.login()));
        words.addAll(List.of("-o", "BatchMode=yes"));
        words.addAll(SshClient.options(identity(), knownHosts()));
        return words;
    }

    /**
     * Returns how to connect to an account with the key, whatever stands in the user's own configuration of ssh. A password is
     * asked for only by accounts that want both.
     */
    public Ssh ssh(Account account) {
        return sshWithoutKey(account).identity(identity().toString());
    }

    /** Returns the same without any key, for a password or an identity that is to be added. */
    public Ssh sshWithoutKey(Account account) {
        return Ssh.to(host())
                .port(port())
                .user(account.login())
                .hostKeys(HostKeys.ENFORCE)
                .arguments(SshClient.options(knownHosts()).toArray(String[]::new));
    }

    /** Returns a whole command line that runs {@code command} in the login shell of the account. */
    public List<String> sshCommand(Account account, String command) {
        List<String> words = new ArrayList<>(List.of("ssh"));
        words.addAll(sshArguments(account));
        words.addAll(List.of(host(), command));
        return words;
    }

    /**
     * Runs a program inside the host as root, past sshd, and waits for its end.
     *
     * @throws IllegalStateException when it takes more than two minutes, or this thread is interrupted; the program goes on
     */
    public CommandResult exec(String... command) {
        return container.exec("root", List.of(command), NO_INPUT);
    }

    /** Runs a program inside the host as this account, as {@link #exec(String...)} does. */
    public CommandResult exec(Account account, String... command) {
        return container.exec(account.login(), List.of(command), NO_INPUT);
    }

    /** Runs a shell command as root that must succeed, and returns what it wrote to standard output. */
    private String root(String command) {
        CommandResult result = exec("sh", "-c", command);
        if (result.exitCode() != 0) {
            throw new IllegalStateException("in container " + container.id() + ": " + command + ": " + result);
        }
        return result.out();
    }

    /** Returns what sshd has logged so far, oldest first. */
    public List<String> log() {
        return container.log().lines().toList();
    }

    /**
     * Returns the processes in the host as {@code PID USER COMMAND LINE}, without those that make it a host and that of this
     * question itself.
     */
    public List<String> processes() {
        String command = "ps -ww -eo pid=,ppid=,user:32=,args=";
        List<String> found = new ArrayList<>();
        for (String line : exec(command.split(" ")).out().lines().toList()) {
            String[] fields = line.strip().split(" +", 4);
            boolean ofTheHost = fields[0].equals("1") || fields[3].contains("[listener]");
            if (!ofTheHost && !fields[3].equals(command)) {
                found.add(fields[0] + " " + fields[2] + " " + fields[3]);
            }
        }
        return found;
    }

    /** Returns the paths of everything that lies below these folders, on the same disk; a folder may be absent. */
    public List<String> files(String... folders) {
        List<String> command = new ArrayList<>(List.of("find"));
        command.addAll(List.of(folders));
        command.addAll(List.of("-xdev", "-mindepth", "1"));
        return container.exec("root", command, NO_INPUT).out().lines().sorted().toList();
    }

    /** Returns the shell of root in this host. */
    public HostShell shell() {
        return (script, input) -> {
            byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
            List<String> command = bytes.length == 0
                    ? List.of("sh", "-c", script)
                    : List.of("sh", "-c", WITH_INPUT, "sh", Integer.toString(bytes.length), script);
            CommandResult result = container.exec("root", command, bytes);
            if (result.exitCode() != 0) {
                throw new IOException("a script in " + this + " ended with " + result.exitCode() + ": " + result.err());
            }
            return result.out();
        };
    }

    /** Watches what is left in the host from now on: processes of all accounts, and temporary files of contexts. */
    public LeakCheck leakCheck() {
        return HostLeakCheck.start(shell(), "");
    }

    /** Removes the host with everything that runs in it. */
    @Override
    public void close() {
        container.close();
    }

    @Override
    public String toString() {
        return "Docker host " + name() + (options.published() ? " at " + ADDRESS + ":" + port : "");
    }
}
