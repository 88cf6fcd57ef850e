// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.SecretSearch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts start, are what was asked for, and leave nothing. */
@RequiresDocker
@Timeout(1200)
final class DockerHostIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void shouldAcceptSshWithTheKey(DockerHost host) throws Exception {
        SshRun run = SshRun.of(host, Account.OPS, "id -un");

        assertEquals(new SshRun(0, "ops\n", ""), run);
    }

    @Test
    void shouldBeConnectedToAsAnAccount(DockerHost host) throws Exception {
        Mitogen.run(router -> {
            Context ops = router.connect(host.ssh(Account.OPS));
            assertEquals("ops", ops.call(() -> System.getProperty("user.name")));
        });
    }

    @Test
    void shouldBeConnectedToWithWhatIsAddedToNoKey(DockerHost host) throws Exception {
        String key = host.newIdentity("pass of key", true).toString();
        Mitogen.run(router -> {
            Ssh byPassword = host.sshWithoutKey(Account.OPS).password(Account.OPS.password());
            assertEquals("ops", router.connect(byPassword).call(() -> System.getProperty("user.name")));
            Ssh byKey = host.sshWithoutKey(Account.KEY_ONLY).identity(key, Secret.of("pass of key"));
            assertEquals("key-only", router.connect(byKey).call(() -> System.getProperty("user.name")));
            ConnectException e =
                    assertThrows(ConnectException.class, () -> router.connect(host.sshWithoutKey(Account.OPS)));
            assertEquals(ConnectException.Reason.PASSWORD_REQUIRED, e.reason(), e.getMessage());
        });
    }

    @Test
    void shouldLetTheUsersChoicePrevail(DockerHost host) throws Exception {
        Mitogen.run(router -> {
            Ssh otherKey = host.ssh(Account.KEY_ONLY)
                    .identity(host.newIdentity("", false).toString());
            ConnectException e = assertThrows(ConnectException.class, () -> router.connect(otherKey));
            assertEquals(ConnectException.Reason.KEY_REFUSED, e.reason(), e.getMessage());
        });
    }

    @Test
    void shouldPublishItsPortOnTheLoopbackAddressOnly(DockerHost host) {
        String bound = DockerEngine.client()
                .inspectContainerCmd(host.id())
                .exec()
                .getNetworkSettings()
                .getPorts()
                .toPrimitive()
                .toString();

        assertTrue(bound.contains("127.0.0.1") && !bound.contains("0.0.0.0"), bound);
    }

    @Test
    void shouldAcceptOrRefuseANewKeyAsItIsTold(DockerHost host) throws Exception {
        Path accepted = host.newIdentity("", true);
        Path refused = host.newIdentity("", false);

        assertEquals(0, withIdentity(host, accepted).exitCode());
        SshRun run = withIdentity(host, refused);
        assertEquals(255, run.exitCode());
        assertTrue(run.err().contains("Permission denied"), run.err());
    }

    private static SshRun withIdentity(DockerHost host, Path identity) throws Exception {
        List<String> words = host.sshCommand(Account.KEY_ONLY, "true").stream()
                .map(word -> word.equals(host.identity().toString()) ? identity.toString() : word)
                .toList();
        return SshRun.of(words);
    }

    @Test
    void shouldBeAnotherHostWhenItsKeyIsChanged() throws Exception {
        try (DockerHost host = DockerHost.start()) {
            List<String> before = host.sshCommand(Account.OPS, "true");
            String key = host.hostKey();

            host.changeHostKey();

            assertNotEquals(key, host.hostKey());
            SshRun run = SshRun.of(before);
            assertEquals(255, run.exitCode());
            assertTrue(run.err().contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), run.err());
            assertEquals(0, SshRun.of(host, Account.OPS, "true").exitCode());
        }
    }

    @Test
    void shouldHaveTheDisksThatWereAskedFor() {
        HostOptions options = HostOptions.standard()
                .withReadOnlyRoot()
                .withNoexecTmp()
                .withSharedMemory(HostOptions.SharedMemory.ABSENT)
                .withRamDisk("/mnt/ram");
        try (DockerHost host = DockerHost.start(options)) {
            assertEquals("no", runsScriptsIn(host, "/home/ops"));
            assertEquals("writes", runsScriptsIn(host, "/tmp"));
            assertEquals("no", runsScriptsIn(host, "/dev/shm"));
            assertEquals("runs", runsScriptsIn(host, "/mnt/ram"));
        }
        try (DockerHost host =
                DockerHost.start(HostOptions.standard().withSharedMemory(HostOptions.SharedMemory.NOEXEC))) {
            assertEquals("writes", runsScriptsIn(host, "/dev/shm"));
        }
    }

    @Test
    void shouldHaveWritableDisksUnlessToldOtherwise(DockerHost host) {
        for (String folder : List.of("/home/ops", "/tmp", "/dev/shm")) {
            assertEquals("runs", runsScriptsIn(host, folder), folder);
        }
    }

    private static String runsScriptsIn(DockerHost host, String folder) {
        String script = "f=" + folder
                + "/probe; trap 'rm -f $f' EXIT; { echo '#!/bin/sh' >$f; } 2>/dev/null || { echo no; exit; }; "
                + "chmod 700 $f; $f 2>/dev/null && echo runs || echo writes";
        return host.exec(Account.OPS, "sh", "-c", script).out().strip();
    }

    @Test
    void shouldPreferTheOptionsForSshdThatItIsGiven() throws Exception {
        HostOptions options = HostOptions.standard()
                .withName("strict")
                .withSshdOption("PubkeyAuthentication no")
                .withSshdOption("PasswordAuthentication no");
        try (DockerHost host = DockerHost.start(options)) {
            SshRun run = SshRun.of(host, Account.OPS, "true");

            assertTrue(run.err().contains("Permission denied (keyboard-interactive)"), run.err());
            assertEquals("strict\n", host.exec("hostname").out());
        }
    }

    @Test
    void shouldShowWhatRunsAndWhatIsLeftInside(DockerHost host) throws Exception {
        Eventually.until(
                LIMIT, "sessions of other tests over", () -> host.processes().isEmpty());
        LeakCheck leaks = host.leakCheck();

        SshRun.of(host, Account.WITH_DASH, "nohup sleep 1000 </dev/null >/dev/null 2>&1 & mkdir /tmp/mitogen.left");

        Eventually.until(LIMIT, "session over", () -> host.processes().size() == 1);
        assertTrue(host.processes().get(0).endsWith(" with-dash sleep 1000"), () -> "" + host.processes());
        assertTrue(host.files("/tmp", "/no-such-folder").contains("/tmp/mitogen.left"));
        assertEquals(2, leaks.leftovers().size(), () -> "" + leaks.leftovers());
        host.exec("sh", "-c", "pkill -u with-dash; rmdir /tmp/mitogen.left");
        leaks.check(LIMIT);
    }

    @Test
    void shouldLetSecretsBeSearchedForInside(DockerHost host) throws Exception {
        String secret = "a secret of this test";
        assertEquals(List.of(), SecretSearch.searchHost(host.shell(), List.of(secret), List.of("/tmp")));

        host.exec("sh", "-c", "echo 'here is a secret of this test' >/tmp/secret");

        assertEquals(List.of("/tmp/secret"), SecretSearch.searchHost(host.shell(), List.of(secret), List.of("/tmp")));
        host.exec("rm", "/tmp/secret");
    }

    @Test
    void shouldKeepWhatSshdLogs(DockerHost host) throws Exception {
        SshRun.of(host, Account.WITH_SH, "true");

        Eventually.until(LIMIT, "a login in the log", () -> host.log().stream()
                .anyMatch(line -> line.contains("Accepted publickey for with-sh")));
    }

    @Test
    void shouldBeGoneWhenClosed() {
        DockerHost host = DockerHost.start();
        host.close();
        host.close();

        assertThrows(
                NotFoundException.class,
                () -> DockerEngine.client().inspectContainerCmd(host.id()).exec());
    }

    @Test
    void shouldHaveJavaAndPythonMitogen(DockerHost host) {
        assertTrue(host.exec("java", "-version").err().contains("17."), "Java");
        assertEquals(0, host.exec("python3", "-c", "import mitogen.core").exitCode());
        assertFalse(host.exec("sh", "-c", "PATH=/usr/bin:/bin; command -v java").exitCode() == 0);
    }
}
