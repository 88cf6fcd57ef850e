// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Question;
import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.FaultProxy;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.LocalSshd;
import io.mitogen.testkit.RequiresSshd;
import io.mitogen.testkit.boot.Through;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, host keys, configuration files and failures on the way, with the ssh and sshd of this machine. */
@RequiresSshd
final class LocalSshIT extends SshContract {
    /** No server is asked for it, which may take long: a name may have 63 characters from dot to dot. */
    private static final String TOO_LONG_A_NAME = "a".repeat(64) + ".invalid";

    private LeakCheck leftOnServer;

    @BeforeAll
    void watch(LocalSshd sshd) {
        leftOnServer = sshd.leakCheck();
    }

    @Override
    void checkTargets() {
        leftOnServer.check(SOON);
    }

    private static Ssh anyKey(LocalSshd sshd) {
        return withAgent(sshd, "none");
    }

    private static Ssh withAgent(LocalSshd sshd, String agent) {
        return Ssh.to(sshd.host())
                .port(sshd.port())
                .arguments("-F", "none", "-o", "IdentityAgent=" + agent, "-o", "GlobalKnownHostsFile=/dev/null")
                .connectTimeout(SOON);
    }

    private static Ssh ssh(LocalSshd sshd) {
        return knowing(sshd.knownHosts(), anyKey(sshd).identity(sshd.identity().toString()));
    }

    private static Ssh knowing(Path knownHosts, Ssh ssh) {
        return ssh.arguments("-o", "UserKnownHostsFile=" + knownHosts);
    }

    private static Path script(Path folder, String... lines) throws IOException {
        Path script = Files.writeString(folder.resolve("java"), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    @Test
    void shouldSayThatTheJvmWasKilledOrGotTooLittleMemory(LocalSshd sshd, @TempDir Path folder) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"";
        Path killed = script(folder, "kill -9 $$");
        String message =
                assertFails(Reason.EXITED, ssh(sshd).java(killed.toString())).getMessage();
        assertTrue(message.contains("a signal killed"), message);
        assertTrue(message.contains("-Xmx256m"), message);

        Path limited = script(folder, "ulimit -v 500000", "exec " + java);
        message = assertFails(Reason.OUT_OF_MEMORY, ssh(sshd).java(limited.toString()))
                .getMessage();
        assertTrue(message.contains("Could not reserve enough space"), message);
    }

    @Test
    void shouldStartThoughAnAgentPrintsMoreThanAPipeHolds(LocalSshd sshd, @TempDir Path folder) throws IOException {
        assertConnects(sshd.user(), ssh(sshd).java(SlowAgent.java(folder, "go").toString()));
    }

    /** The script in the place of java stays as its parent, and what is left is looked for after each test. */
    @Test
    void shouldLeaveNothingWhenAnAgentHangs(LocalSshd sshd, @TempDir Path folder) throws IOException {
        Ssh hanging = ssh(sshd).java(SlowAgent.java(folder, "hang").toString()).connectTimeout(Duration.ofSeconds(20));
        String message = assertFails(Reason.TIMEOUT, hanging).getMessage();

        assertTrue(message.contains("the agent has read rule 1999"), message);
        Eventually.until(SOON, () -> ProcessHandle.allProcesses()
                .noneMatch(process -> process.info().commandLine().orElse("").contains(folder.toString())));
    }

    /** A program that may be run and not read hides its descriptors, as one with file capabilities does. */
    @Test
    void shouldNotTryToLogInWhenTheHelperCannotBeRun(LocalSshd sshd, @TempDir Path folder) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root may become another account");
        Path home = Path.of(System.getProperty("java.home"));
        Path java = Files.createDirectory(folder.resolve("bin")).resolve("java");
        Files.copy(home.resolve("bin/java"), java);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("--x--x--x"));
        for (String part : List.of("lib", "conf", "release")) {
            Files.createSymbolicLink(folder.resolve(part), home.resolve(part).toRealPath());
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Through hiding = Through.of(
                        Through.Form.ARGV, "setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")
                .java(java.toString());
        Mitogen.run(router -> {
            Context via = router.connect(hiding);
            Ssh ssh = Ssh.to(sshd.host())
                    .port(sshd.port())
                    .password(Secret.of("any"))
                    .via(via);
            ConnectException failure = assertThrows(ConnectException.class, () -> router.connect(ssh));
            assertEquals(Reason.START_REFUSED, failure.reason(), failure.getMessage());
            assertTrue(failure.getMessage().contains("getcap"), failure.getMessage());
        });
    }

    @Test
    void shouldConnectFortyThroughASshdWithItsDefaultsFarAway() throws Exception {
        try (LocalSshd busy = LocalSshd.start("MaxStartups 10:30:100");
                FaultProxy far = FaultProxy.to("127.0.0.1", busy.port())) {
            far.delay(Duration.ofMillis(40));
            List<CompletableFuture<Context>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(router().connectAsync(ssh(busy).port(far.port()).java("/bin/false")));
            }
            for (CompletableFuture<Context> one : all) {
                ConnectException failure = (ConnectException)
                        assertThrows(ExecutionException.class, one::get).getCause();
                assertEquals(Reason.EXITED, failure.reason(), failure.getMessage());
            }
        }
    }

    @Test
    void shouldLogInWithAKey(LocalSshd sshd) {
        assertConnects(sshd.user(), ssh(sshd));
        assertConnects(
                sshd.user(),
                ssh(sshd).compression(true).keepAlive(Duration.ofSeconds(1), 5).debugLevel(3));
    }

    @Test
    void shouldOpenAKeyWithItsPassphraseOrSayWhyNot(LocalSshd sshd) {
        String key = sshd.newIdentity("pass of key", true).toString();
        Ssh closed = knowing(sshd.knownHosts(), anyKey(sshd));
        assertConnects(sshd.user(), closed.identity(key, Secret.of("pass of key")));
        assertFails(Reason.PASSPHRASE_WRONG, closed.identity(key, Secret.of("another one")), key);
        assertFails(Reason.PASSPHRASE_REQUIRED, closed.identity(key), key);

        List<Question> questions = Collections.synchronizedList(new ArrayList<>());
        assertConnects(sshd.user(), closed.identity(key).questions(question -> {
            questions.add(question);
            return Secret.of("pass of key");
        }));
        assertEquals(1, questions.size());
        assertTrue(questions.get(0).text().contains(key), questions.toString());
    }

    @Test
    void shouldUseTheKeysOfTheAgent(LocalSshd sshd) throws Exception {
        Path socket = sshd.folder().resolve("agent");
        String key = sshd.newIdentity("pass of agent", true).toString();
        Process agent = startAgent(socket);
        try {
            Ssh ssh = knowing(sshd.knownHosts(), withAgent(sshd, socket.toString()));
            assertFails(Reason.PASSPHRASE_REQUIRED, ssh.identity(key), key, "ssh-agent");

            assertEquals(0, addToAgent(socket, key, sshd.folder().resolve("pass"), "pass of agent"));

            assertConnects(sshd.user(), ssh);
            assertConnects(sshd.user(), ssh.identity(key));
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static Process startAgent(Path socket) throws IOException {
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Eventually.until(SOON, "the agent listens", () -> Files.exists(socket));
        return agent;
    }

    private static int addToAgent(Path socket, String key, Path askpass, String passphrase) throws Exception {
        Files.writeString(askpass, "#!/bin/sh\necho '" + passphrase + "'\n");
        Files.setPosixFilePermissions(askpass, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", key)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        add.environment()
                .putAll(Map.of(
                        "SSH_AUTH_SOCK", socket.toString(),
                        "SSH_ASKPASS", askpass.toString(),
                        "SSH_ASKPASS_REQUIRE", "force"));
        return add.start().waitFor();
    }

    @Test
    void shouldSayWhyAKeyDoesNotOpen(LocalSshd sshd) throws IOException {
        Ssh other = knowing(sshd.knownHosts(), anyKey(sshd));
        assertFails(
                Reason.KEY_REFUSED, other.identity(sshd.newIdentity("", false).toString()), "accepted no key");
        assertFails(Reason.KEY_REFUSED, other.identity(sshd.folder() + "/absent"), "there is no key in");

        Path open = Files.copy(sshd.identity(), sshd.folder().resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertFails(Reason.KEY_REFUSED, other.identity(open.toString()), "chmod 600 " + open);

        Path garbage = Files.writeString(sshd.folder().resolve("garbage"), "no key\n");
        Files.setPosixFilePermissions(garbage, PosixFilePermissions.fromString("rw-------"));
        assertFails(Reason.KEY_REFUSED, other.identity(garbage.toString()), "cannot read the key");
    }

    @Test
    void shouldAcceptAnUnknownHostKeyOnlyWhenToldTo(LocalSshd sshd) throws IOException {
        Path known = sshd.folder().resolve("known-by-nobody");
        Ssh ssh = knowing(known, anyKey(sshd).identity(sshd.identity().toString()));
        assertFails(Reason.HOST_KEY_UNKNOWN, ssh, sshd.hostKeyFingerprint());
        assertFails(Reason.HOST_KEY_UNKNOWN, ssh.hostKeys(HostKeys.ENFORCE), sshd.hostKeyFingerprint());
        assertFails(
                Reason.HOST_KEY_UNKNOWN, ssh.arguments("-o", "StrictHostKeyChecking=yes"), "StrictHostKeyChecking yes");
        assertFails(
                Reason.HOST_KEY_UNKNOWN,
                ssh.questions(question -> Secret.of("SHA256:" + "x".repeat(43))),
                sshd.hostKeyFingerprint());
        assertTrue(Files.notExists(known));

        assertConnects(
                sshd.user(), anyKey(sshd).identity(sshd.identity().toString()).hostKeys(HostKeys.IGNORE));
        assertConnects(sshd.user(), ssh.questions(question -> Secret.of(sshd.hostKeyFingerprint())));
        assertConnects(sshd.user(), ssh);
        Files.delete(known);
        assertConnects(sshd.user(), ssh.hostKeys(HostKeys.ACCEPT_NEW));
        assertConnects(sshd.user(), ssh.hostKeys(HostKeys.ENFORCE));
    }

    @Test
    void shouldRefuseAHostKeyThatHasChanged(LocalSshd sshd) {
        Path wrong = sshd.wrongKnownHosts();
        Ssh ssh = knowing(wrong, anyKey(sshd).identity(sshd.identity().toString()));
        for (HostKeys policy : List.of(HostKeys.ENFORCE, HostKeys.ACCEPT_NEW)) {
            assertFails(
                    Reason.HOST_KEY_CHANGED,
                    ssh.hostKeys(policy).questions(question -> Secret.of("yes")),
                    "its fingerprint is " + sshd.hostKeyFingerprint(),
                    "the known one is in ",
                    wrong + ":1",
                    "ssh-keygen -f");
        }
        assertConnects(sshd.user(), ssh.hostKeys(HostKeys.IGNORE));
    }

    @Test
    void shouldSayWhatIsWrongOnTheWay(LocalSshd sshd) throws IOException {
        try (Socket silent = new Socket()) { // has a port that nobody else gets, and does not listen
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertFails(Reason.REFUSED, ssh(sshd).port(silent.getLocalPort()), "Connection refused");
        }
        assertFails(Reason.HOST_UNKNOWN, Ssh.to(TOO_LONG_A_NAME).arguments("-F", "none"), TOO_LONG_A_NAME);
        assertFails(
                Reason.DISCONNECTED,
                ssh(sshd).arguments("-o", "KexAlgorithms=diffie-hellman-group1-sha1"),
                "in common");
    }

    @Test
    void shouldTellAPortThatStaysSilentFromAHostThatIsSlow(LocalSshd sshd) throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertFails(
                    Reason.UNREACHABLE,
                    ssh(sshd).port(silent.getLocalPort()).arguments("-o", "ConnectTimeout=1"),
                    "no ssh server answered");
        }
    }

    @Test
    void shouldTryAgainAndSayThatAServerClosesAtOnce(LocalSshd sshd) throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        ServerSocket closing = new ServerSocket(0);
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    closing.accept().close();
                    accepted.incrementAndGet();
                }
            } catch (IOException expected) {
                // the test is over
            }
        });
        try (closing) {
            thread.start();
            assertFails(Reason.DISCONNECTED, ssh(sshd).port(closing.getLocalPort()), "MaxStartups", "tried 5 times");
        }
        thread.join();
        assertEquals(5, accepted.get());
    }

    @Test
    void shouldSayWhatSshItselfDoesNotAccept(LocalSshd sshd) throws IOException {
        assertFails(Reason.START_REFUSED, ssh(sshd).arguments("-o", "NoSuchOption=1"), "Bad configuration option");
        assertFails(Reason.START_REFUSED, ssh(sshd).arguments("-8"), "unknown option");
        assertFails(Reason.START_REFUSED, ssh(sshd).path(sshd.folder() + "/absent"), "No such file");
        Path config = Files.writeString(sshd.folder().resolve("bad config"), "NoSuchOption 1\n");
        assertFails(Reason.START_REFUSED, Ssh.to("web1").arguments("-F", config.toString()), config + ": line 1");
    }

    /** As a host says it whose shell is that of Windows. */
    @Test
    void shouldSayWhenTheCommandMayBeTooLongForTheHost(LocalSshd sshd) throws IOException {
        Path script = Files.writeString(
                sshd.folder().resolve("short-lines"), "#!/bin/sh\necho 'The command line is too long.'\nexit 1\n");
        assertTrue(script.toFile().setExecutable(true));
        Ssh ssh = Ssh.to("web1").path(script.toString());

        ConnectException failure = assertFails(
                Reason.SHELL_REFUSED, ssh.jvmOptions("-Dlong=" + "x".repeat(4_000)), "characters", "jvmOptions");
        assertTrue(failure.getMessage().contains("too long"), failure.getMessage());

        ConnectException other = assertFails(Reason.SHELL_REFUSED, ssh);
        assertFalse(other.getMessage().contains("jvmOptions"), other.getMessage());
    }

    @Test
    void shouldHaveTheUsersConfigurationInForce(LocalSshd sshd) throws IOException {
        Path config = Files.writeString(
                sshd.folder().resolve("config"),
                String.join(
                        "\n",
                        "Host web",
                        "  HostName " + sshd.host(),
                        "  Port " + sshd.port(),
                        "  User " + sshd.user(),
                        "  IdentityFile " + sshd.identity(),
                        "  UserKnownHostsFile " + sshd.knownHosts(),
                        "  RemoteCommand echo never",
                        "  PermitLocalCommand yes",
                        "  LocalCommand echo MITO000",
                        "  RequestTTY force",
                        "  LogLevel QUIET",
                        "  BatchMode no",
                        ""));
        assertConnects(sshd.user(), Ssh.to("web").arguments("-F", config.toString()));
        assertFails(
                Reason.KEY_REFUSED,
                Ssh.to("web").user("nobody-of-that-name").arguments("-F", config.toString()),
                "the host accepted no key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SessionType none",
                "SessionType subsystem",
                "StdinNull yes",
                "ForkAfterAuthentication yes",
                "Tunnel yes"
            })
    void shouldConnectThoughTheConfigurationTurnsSshIntoATunnel(String setting, LocalSshd sshd) throws IOException {
        Path config = Files.writeString(sshd.folder().resolve("tunnel config"), setting + "\n");
        Ssh tunnel = Ssh.to(sshd.host())
                .port(sshd.port())
                .arguments("-F", config.toString(), "-o", "IdentityAgent=none")
                .identity(sshd.identity().toString());
        assertConnects(sshd.user(), knowing(sshd.knownHosts(), tunnel));
    }

    @Test
    void shouldDeclineToAddTheKeyToTheAgentWhenNobodyAnswers(LocalSshd sshd) throws Exception {
        Path socket = sshd.folder().resolve("asking-agent");
        Path config = Files.writeString(sshd.folder().resolve("asking config"), "AddKeysToAgent ask\n");
        Process agent = startAgent(socket);
        try {
            Ssh asking = Ssh.to(sshd.host())
                    .port(sshd.port())
                    .arguments("-F", config.toString(), "-o", "IdentityAgent=" + socket)
                    .identity(sshd.identity().toString());
            assertConnects(sshd.user(), knowing(sshd.knownHosts(), asking));
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    @Test
    void shouldNameAProxyCommandThatIsMissing(LocalSshd sshd) {
        assertFails(
                Reason.START_REFUSED,
                ssh(sshd).arguments("-o", "ProxyCommand=no-such-corkscrew %h %p"),
                "no-such-corkscrew");
    }

    @Test
    void shouldQuoteAProxyCommandThatEnds(LocalSshd sshd) {
        assertFails(
                Reason.DISCONNECTED,
                ssh(sshd).arguments("-o", "ProxyCommand=sh -c 'echo the VPN is down >&2; exit 1'"),
                "and said: the VPN is down");
    }

    @Test
    void shouldSayWhatKeepsSshQuiet(LocalSshd sshd) {
        assertFails(Reason.EXITED, ssh(sshd).user("nobody-of-that-name").arguments("-q"), "LogLevel");
    }

    @Test
    void shouldUseAMasterConnectionAndLeaveNone(LocalSshd sshd) throws Exception {
        Path control = sshd.folder().resolve("control");
        Path config = Files.writeString(
                sshd.folder().resolve("sharing config"),
                "ControlMaster auto\nControlPersist 600\nControlPath " + control + "\n");
        Ssh sharing = Ssh.to(sshd.host())
                .port(sshd.port())
                .arguments("-F", config.toString(), "-o", "UserKnownHostsFile=" + sshd.knownHosts());
        assertConnects(sshd.user(), sharing.identity(sshd.identity().toString()));
        assertTrue(Files.notExists(control), "it has become a master connection");

        assertEquals(0, control(sshd, config, "-f", "-N"));
        try {
            assertConnects(sshd.user(), sharing.arguments("-o", "PreferredAuthentications=none"));
            assertEquals(0, control(sshd, config, "-O", "check"), "the master connection has ended");
        } finally {
            control(sshd, config, "-O", "exit");
        }
    }

    private static int control(LocalSshd sshd, Path config, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("ssh", "-F", config.toString()));
        words.addAll(sshd.sshArguments().subList(2, sshd.sshArguments().size()));
        words.addAll(List.of(more));
        words.add(sshd.host());
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
