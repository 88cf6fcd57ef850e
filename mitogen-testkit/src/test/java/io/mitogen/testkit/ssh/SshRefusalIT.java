// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Question;
import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.FaultProxy;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.HostOptions;
import io.mitogen.testkit.docker.RequiresDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real sshd asks and refuses, and what becomes of it. */
@RequiresDocker
final class SshRefusalIT extends SshContract {
    private DockerHost host;
    private LeakCheck leftOnHost;

    @BeforeAll
    void start(DockerHost dockerHost) {
        host = dockerHost;
        leftOnHost = host.leakCheck();
    }

    @Override
    void checkTargets() {
        leftOnHost.check(SOON);
    }

    private Ssh to(Account account) {
        return DockerSsh.to(host, account);
    }

    private Ssh withKey(Account account) {
        return to(account).identity(host.identity().toString());
    }

    private Ssh withPassword(Account account) {
        return to(account).password(account.password());
    }

    // == Passwords and keys ==

    @ParameterizedTest
    @EnumSource(names = {"OPS", "PASSWORD_ONLY", "INTERACTIVE"})
    void shouldSayThatThePasswordIsWrong(Account account) {
        assertFails(Reason.PASSWORD_WRONG, to(account).password(WRONG), "was not accepted");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCKED", "DENIED", "NO_SHELL"})
    void shouldSayTheSameOfAccountsThatMayNotLogIn(Account account) {
        assertFails(Reason.PASSWORD_WRONG, withPassword(account), "locked or may not log in");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPS", "PASSWORD_ONLY", "INTERACTIVE", "BANNER", "PAM_NOISE"})
    void shouldSayThatAPasswordIsWanted(Account account) {
        assertFails(Reason.PASSWORD_REQUIRED, to(account), "Ssh.password");
    }

    @Test
    void shouldSayThatAPasswordIsWantedBesideTheKey() {
        assertFails(Reason.PASSWORD_REQUIRED, withKey(Account.TWO_STEPS), "two-steps@", "beside it");
    }

    @Test
    void shouldSayThatNoKeyWasAccepted() {
        Ssh ssh = to(Account.KEY_ONLY);
        assertFails(
                Reason.KEY_REFUSED, ssh.identity(host.newIdentity("", false).toString()), "wants one of: publickey");
        assertFails(Reason.KEY_REFUSED, ssh.password(WRONG), "and no password");
    }

    @Test
    void shouldSayThatTooManyKeysWereOffered() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.addAll(List.of("-i", host.newIdentity("", false).toString()));
        }
        assertFails(
                Reason.KEY_REFUSED,
                to(Account.KEY_ONLY).identitiesOnly(true).arguments(keys.toArray(String[]::new)),
                "MaxAuthTries");
    }

    @Test
    void shouldSayThatAnAccountHasExpired() {
        assertFails(Reason.ACCOUNT_REFUSED, withKey(Account.EXPIRED), "expired");
        assertFails(Reason.ACCOUNT_REFUSED, withPassword(Account.EXPIRED), "expired");
        assertFails(Reason.ACCOUNT_REFUSED, withKey(Account.STALE), "expired");
        assertFails(Reason.ACCOUNT_REFUSED, withPassword(Account.STALE), "expired");
        assertFails(
                Reason.ACCOUNT_REFUSED,
                withPassword(Account.STALE).arguments("-o", "PreferredAuthentications=password"),
                "expired");
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_LOGIN", "FALSE_SHELL"})
    void shouldSayThatTheShellRefuses(Account account) {
        assertFails(Reason.SHELL_REFUSED, withKey(account), "exit status 1");
    }

    @Test
    void shouldSayThatAJvmDoesNotStart() {
        ConnectException failure =
                assertFails(Reason.EXITED, withKey(Account.OPS).jvmOptions("-XX:NoSuchOption"), "NoSuchOption");
        assertTrue(
                failure.lastLines().toString().contains("NoSuchOption"),
                failure.lastLines().toString());
    }

    @Test
    void shouldSayWhereItLookedForJava() {
        assertFails(Reason.NO_JAVA, withKey(Account.OPS).java("/absent/java"), "/absent/java");
    }

    @Test
    void shouldSayThatJavaIsTooOld() {
        assertFails(Reason.JAVA_TOO_OLD, withKey(Account.OLD_JAVA).java("/opt/java8/bin/java"), "found 1.8.0_202");
    }

    @Test
    void shouldSayThatThereIsNowhereToWrite() {
        HostOptions options =
                HostOptions.standard().withReadOnlyRoot().withSharedMemory(HostOptions.SharedMemory.ABSENT);
        try (DockerHost sealed = DockerHost.start(options)) {
            assertFails(
                    Reason.NO_WRITABLE_FOLDER,
                    DockerSsh.to(sealed, Account.OPS).identity(sealed.identity().toString()),
                    "/tmp");
        }
    }

    // == Questions ==

    @Test
    void shouldAskTheUserForACode() {
        Account account = Account.CODE;
        List<Question> questions = Collections.synchronizedList(new ArrayList<>());
        assertConnects(account.login(), withPassword(account).questions(question -> {
            questions.add(question);
            return Account.verificationCode();
        }));
        assertEquals(1, questions.size(), questions.toString());
        assertTrue(questions.get(0).text().contains("Verification code: "), questions.toString());
        assertTrue(questions.get(0).fromCommand());

        assertFails(Reason.QUESTION_UNANSWERED, withPassword(account), "Verification code");
        assertFails(Reason.PASSWORD_WRONG, withPassword(account).questions(question -> WRONG));
    }

    @Test
    void shouldAskTheUserThroughAVia() {
        Ssh inner = Ssh.to("127.0.0.1").connectTimeout(SOON);
        List<String> texts = Collections.synchronizedList(new ArrayList<>());
        try {
            var first = router().connect(withKey(Account.OPS));
            var second = router().connect(inner.user("code").via(first).questions(question -> {
                texts.add(question.text());
                return question.text().contains("(yes/no")
                        ? Secret.of("yes")
                        : question.text().contains("Password") ? Account.CODE.password() : Account.verificationCode();
            }));
            assertEquals("code", second.call(There::account));
            assertEquals(3, texts.size(), texts.toString());
            first.shutdown();
        } finally {
            host.exec("rm", "-rf", "/home/ops/.ssh");
        }
    }

    @Test
    void shouldLetTheUserAnswerForAJumpHostAndGiveItNoSecret(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(
                folder.resolve("config"),
                String.join(
                        "\n",
                        "IdentityAgent none",
                        "IdentityFile none",
                        "Host jump",
                        "  HostName " + host.host(),
                        "  Port " + host.port(),
                        "  User password-only",
                        "  UserKnownHostsFile " + host.knownHosts(),
                        ""));
        Ssh behind = Ssh.to("127.0.0.1")
                .user("interactive")
                .arguments("-F", config.toString(), "-J", "jump")
                .connectTimeout(SOON)
                .hostKeys(HostKeys.IGNORE)
                .password(Account.INTERACTIVE.password());
        assertFails(Reason.PASSWORD_REQUIRED, behind, "password-only@", "jump host");

        List<Question> questions = Collections.synchronizedList(new ArrayList<>());
        Ssh answered = behind.questions(question -> {
            questions.add(question);
            return Account.PASSWORD_ONLY.password();
        });
        assertConnects("interactive", answered);
        assertEquals(1, questions.size(), questions.toString());
        assertFalse(questions.get(0).fromCommand());
        assertFails(
                Reason.PASSWORD_REQUIRED,
                answered.arguments("-o", "PreferredAuthentications=publickey"),
                "interactive@127.0.0.1: Permission denied",
                "though one was given");
        assertFails(Reason.REFUSED, answered.port(1), "the jump host cannot connect");
    }

    // == Host keys ==

    @Test
    void shouldNoticeThatAHostHasAnotherKey() {
        try (DockerHost changing = DockerHost.start()) {
            Ssh ssh = DockerSsh.to(changing, Account.OPS)
                    .identity(changing.identity().toString());
            assertConnects("ops", ssh);
            changing.changeHostKey();
            assertFails(Reason.HOST_KEY_CHANGED, ssh, "the known one is in ", "ssh-keygen -f");
        }
        assertFails(
                Reason.HOST_KEY_UNKNOWN,
                DockerSsh.strangeTo(host, Account.OPS)
                        .password(Account.OPS.password())
                        .arguments("-o", "UserKnownHostsFile=/dev/null"),
                "SHA256:");
    }

    // == The connection ends ==

    @Test
    void shouldSayThatTheConnectionEnded() throws IOException {
        for (int bytes : new int[] {0, 500, 3000}) {
            try (FaultProxy proxy = FaultProxy.to(host.host(), host.port())) {
                proxy.cutAfter(FaultProxy.Direction.TO_CLIENT, bytes, FaultProxy.Cut.RESET);
                Ssh ssh = withKey(Account.OPS).port(proxy.port()).hostKeys(HostKeys.IGNORE);
                assertFails(Reason.DISCONNECTED, ssh, "the connection ended");
            }
        }
    }
}
