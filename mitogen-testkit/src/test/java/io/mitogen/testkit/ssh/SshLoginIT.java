// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Question;
import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.SecretSearch;
import io.mitogen.testkit.SecretWatch;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.HostOptions;
import io.mitogen.testkit.docker.RequiresDocker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contexts in accounts of every kind that lets somebody in, by key and by password; nothing of them stays on the host. */
@RequiresDocker
final class SshLoginIT extends SshContract {
    private static final Set<Account> TAKE_A_KEY = EnumSet.of(
            Account.OPS,
            Account.KEY_ONLY,
            Account.LOCKED,
            Account.NO_HOME,
            Account.DARK_HOME,
            Account.WITH_SH,
            Account.WITH_DASH,
            Account.WITH_BASH,
            Account.WITH_ZSH,
            Account.WITH_FISH,
            Account.WITH_CSH,
            Account.WITH_TCSH,
            Account.WITH_ASH,
            Account.NOISY,
            Account.NOISY_ZSH,
            Account.NOISY_CSH,
            Account.NOISY_FISH,
            Account.BANNER,
            Account.PAM_NOISE,
            Account.FRENCH,
            Account.CHINESE);

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

    @Test
    void shouldLogInWithAKeyWhateverTheShellThatStandsBehindIt() {
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        for (Account account : TAKE_A_KEY) {
            attempts.add(
                    router().connectAsync(to(account).identity(host.identity().toString())));
        }
        List<String> found = new ArrayList<>();
        for (CompletableFuture<Context> attempt : attempts) {
            Context context = attempt.join();
            found.add(context.call(There::account));
            context.shutdown();
        }
        assertEquals(TAKE_A_KEY.stream().map(Account::login).toList(), found);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "OPS",
                "PASSWORD_ONLY",
                "INTERACTIVE",
                "ODD_PASSWORD",
                "BANNER",
                "PAM_NOISE",
                "NOISY",
                "WITH_CSH",
                "FRENCH"
            })
    void shouldLogInWithAPassword(Account account) {
        assertConnects(account.login(), to(account).password(account.password()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_JAVA", "OLD_JAVA"})
    void shouldFindTheJavaThatIsNotFirstOnThePath(Account account) {
        assertConnects(account.login(), to(account).identity(host.identity().toString()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NOISY", "NOISY_FISH", "BANNER"})
    void shouldTakeNothingThatIsPrintedForAQuestion(Account account) {
        List<Question> questions = Collections.synchronizedList(new ArrayList<>());
        assertConnects(account.login(), to(account).password(account.password()).questions(question -> {
            questions.add(question);
            return WRONG;
        }));
        assertEquals(List.of(), questions);
    }

    @Test
    void shouldLogInWithAKeyAndAPasswordWhereBothAreWanted() {
        Account account = Account.TWO_STEPS;
        assertConnects(
                account.login(),
                to(account).identity(host.identity().toString()).password(account.password()));
    }

    @Test
    void shouldGiveTheContextTheEnvironmentOfALogin() {
        Context context = router().connect(to(Account.FRENCH).password(Account.FRENCH.password()));
        assertEquals("fr_FR.UTF-8", context.call(There::variable, "LC_ALL"));
        assertEquals("/home/french", context.call(There::folder));
        assertEquals(null, context.call(There::variable, "MITOGEN_ASK"));
        context.shutdown();
    }

    @ParameterizedTest
    @EnumSource(Disks.class)
    void shouldFindAFolderOnAnyHostThatHasOne(Disks disks) {
        try (DockerHost odd = DockerHost.start(disks.options)) {
            Context context = router().connect(DockerSsh.to(odd, Account.OPS)
                    .identity(odd.identity().toString()));
            assertEquals("ops", context.call(There::account));
            context.shutdown();
        }
    }

    /** What can be written on a host. */
    private enum Disks {
        NOEXEC_TMP(HostOptions.standard().withNoexecTmp().withSharedMemory(HostOptions.SharedMemory.ABSENT)),
        NOTHING_BUT_SHARED_MEMORY(HostOptions.standard().withReadOnlyRoot()),
        NOTHING_BUT_A_RAM_DISK(HostOptions.standard()
                .withReadOnlyRoot()
                .withSharedMemory(HostOptions.SharedMemory.ABSENT)
                .withRamDisk("/var/tmp"));

        private final HostOptions options;

        Disks(HostOptions options) {
            this.options = options;
        }
    }

    /** The secrets are new ones: other runs of the tests, and copies of their sources, have those of the image. */
    @Test
    void shouldShowNoSecretToAnybody() throws IOException {
        Secret phrase = Secret.of("phrase-" + UUID.randomUUID());
        Secret password = Secret.of("password-" + UUID.randomUUID());
        List<String> secrets = List.of(phrase.reveal(), password.reveal());
        try (DockerHost own = DockerHost.start()) {
            own.shell().run("chpasswd", Account.TWO_STEPS.login() + ":" + password.reveal() + "\n");
            String key = own.newIdentity(phrase.reveal(), true).toString();
            try (SecretWatch watch = SecretWatch.start(secrets, SecretSearch.TEMPORARY_FOLDERS)) {
                Context context = router().connect(DockerSsh.to(own, Account.TWO_STEPS)
                        .identity(key, phrase)
                        .password(password));
                watch.check();
                assertEquals(List.of(), context.call(There::placesOf, secrets));
                context.shutdown();
            }
            assertEquals(List.of(), SecretSearch.searchText(secrets, "log of sshd", String.join("\n", own.log())));
        }
    }

    @Test
    void shouldConnectFromAContextWhereNothingOfMitogenIsInstalled() {
        Context first = router().connect(to(Account.OPS).password(Account.OPS.password()));
        Ssh inner = Ssh.to("127.0.0.1").hostKeys(HostKeys.IGNORE).connectTimeout(SOON);
        Context second = router().connect(inner.user("with-csh")
                .password(Account.WITH_CSH.password())
                .via(first));
        Context third = router().connect(inner.user("with-fish")
                .password(Account.WITH_FISH.password())
                .via(second));
        assertEquals("with-fish", third.call(There::account));
        assertTrue(third.path().endsWith("Ssh with-csh@127.0.0.1 -> Ssh with-fish@127.0.0.1"), third.path());
        assertFails(Reason.PASSWORD_WRONG, inner.user("ops").password(WRONG).via(third), third.name());
        first.shutdown();
        assertTrue(third.gone().orTimeout(30, TimeUnit.SECONDS).join() != null);
    }
}
