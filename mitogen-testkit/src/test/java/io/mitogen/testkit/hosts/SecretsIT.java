// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Doas;
import io.mitogen.connect.Su;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.RequiresDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Secrets must show nowhere: no command line, environment, log or temporary file of either end, while contexts are connected,
 * while they are up, and after. The secrets are new ones, so that nothing else on the machine has them.
 */
@RequiresDocker
@Timeout(240)
final class SecretsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<Account> ASKED =
            List.of(Account.OPS, Account.SUDO_PASSWORD, Account.SUDO_TTY, Account.DOAS_PASSWORD);

    private final Map<Account, Secret> passwords = new EnumMap<>(Account.class);
    private final Secret passphrase = fresh("passphrase");
    private final Secret wrong = fresh("wrong");
    private DockerHost host;
    private String identity;

    private static Secret fresh(String what) {
        return Secret.of("a-" + what + "-" + Long.toHexString(System.nanoTime()));
    }

    @BeforeEach
    void start() throws Exception {
        host = DockerHost.start();
        StringBuilder lines = new StringBuilder();
        for (Account account : ASKED) {
            passwords.put(account, fresh(account.login()));
            lines.append(account.login())
                    .append(':')
                    .append(passwords.get(account).reveal())
                    .append('\n');
        }
        host.shell().run("chpasswd", lines.toString());
        identity = host.newIdentity(passphrase.reveal(), true).toString();
    }

    @AfterEach
    void end() {
        host.close();
    }

    private List<String> secrets() {
        List<String> all = new ArrayList<>(List.of(passphrase.reveal(), wrong.reveal()));
        passwords.values().forEach(password -> all.add(password.reveal()));
        return all;
    }

    @Test
    void shouldShowNoSecretAnywhereWhileContextsAreConnectedUpAndGone() throws Exception {
        try (BothEnds search = new BothEnds(secrets(), host)) {
            Mitogen.run(router -> {
                Context asked = connect(router, search, ssh(Account.OPS).password(passwords.get(Account.OPS)));
                Context opened = connect(router, search, ssh(Account.OPS).identity(identity, passphrase));
                connect(
                        router,
                        search,
                        Su.to("ops").password(passwords.get(Account.OPS)).via(opened));
                connect(router, search, sudo(Account.SUDO_PASSWORD, router));
                connect(router, search, sudo(Account.SUDO_TTY, router).terminal());
                Context doer = router.connect(byKey(Account.DOAS_PASSWORD));
                connect(
                        router,
                        search,
                        Doas.to("root")
                                .password(passwords.get(Account.DOAS_PASSWORD))
                                .via(doer));
                assertIsWrong(router, search, ssh(Account.PASSWORD_ONLY).password(wrong));
                assertIsWrong(router, search, Sudo.to("root").password(wrong).via(asked));
                assertIsWrong(router, search, Su.to("root").password(wrong).via(asked));
            });
            awaitPass(search);
            assertEquals(Set.of(), search.found());
            assertTrue(search.lines() > 0, "nothing was logged, so that nothing of the log was searched");
        }
    }

    private Context connect(MasterRouter router, BothEnds search, ConnectionMethod method) {
        Context context = router.connect(method);
        awaitPass(search);
        assertEquals(Set.of(), search.found(), method::toString);
        return context;
    }

    private void assertIsWrong(MasterRouter router, BothEnds search, ConnectionMethod method) {
        ConnectException e = assertThrows(ConnectException.class, () -> router.connect(method));
        assertEquals(ConnectException.Reason.PASSWORD_WRONG, e.reason(), e.getMessage());
        assertFalse(e.toString().contains(wrong.reveal()));
        awaitPass(search);
    }

    /** Waits until both ends have been searched once from begin to end. */
    private static void awaitPass(BothEnds search) {
        int before = search.passes();
        Eventually.until(SOON, "both ends are searched", () -> search.passes() >= before + 2);
    }

    private Sudo sudo(Account account, MasterRouter router) {
        return Sudo.to("root").password(passwords.get(account)).via(router.connect(byKey(account)));
    }

    private Ssh ssh(Account account) {
        return host.sshWithoutKey(account).debugLevel(3).debug();
    }

    private Ssh byKey(Account account) {
        return ssh(account).identity(host.identity().toString());
    }

    @Test
    void shouldSeeWhatShowsASecretOnEitherEnd() throws Exception {
        List<String> command = host.sshCommand(Account.OPS, ": " + wrong.reveal() + "; read x");
        try (BothEnds search = new BothEnds(secrets(), host)) {
            Process ssh = new ProcessBuilder(command).start();
            try {
                Eventually.until(
                        SOON,
                        "a command line here and there",
                        () -> sees(search, "here: command line of process " + ssh.pid() + " (ssh)")
                                && sees(search, "there: /proc/"));
            } finally {
                ssh.destroy();
                ssh.waitFor();
            }
            Logger.getLogger("mitogen").info("the password is " + passphrase.reveal());
            host.shell().run("cat >/var/tmp/left", passphrase.reveal());
            Eventually.until(
                    SOON, "a line and a file", () -> sees(search, "log here") && sees(search, "there: /var/tmp/left"));
        }
    }

    private static boolean sees(BothEnds search, String place) {
        return search.found().stream().anyMatch(each -> each.startsWith(place));
    }
}
