// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Doas;
import io.mitogen.connect.Local;
import io.mitogen.connect.Su;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Secret;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.Bastion;
import io.mitogen.testkit.docker.RequiresDocker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Python contexts by every tool, started by the master, by JVMs and by other Python contexts. */
@RequiresDocker
@Timeout(120)
final class PythonHostsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private Bastion hosts;
    private List<LeakCheck> left;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start(Bastion bastion) {
        hosts = bastion;
        left = List.of(bastion.outer().leakCheck(), bastion.inner().leakCheck());
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        left.forEach(host -> host.check(SOON));
    }

    private Context outer(Account account) {
        return router.connect(hosts.outer().ssh(account).python());
    }

    private Ssh inner(Account account) {
        return Ssh.to(hosts.inner().name())
                .user(account.login())
                .password(account.password())
                .hostKeys(HostKeys.IGNORE)
                .arguments("-o", "UserKnownHostsFile=/dev/null");
    }

    private static String account(Context context) {
        return (String) context.call("getpass", "getuser");
    }

    /** The user that the process really is, whatever its environment says. */
    private static Object uid(Context context) {
        return context.call("os", "getuid");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "OPS",
                "WITH_SH",
                "WITH_DASH",
                "WITH_ZSH",
                "WITH_FISH",
                "WITH_CSH",
                "WITH_TCSH",
                "WITH_ASH",
                "NOISY",
                "NOISY_CSH",
                "BANNER",
                "NO_HOME",
                "NO_JAVA"
            })
    void shouldStartOverSshWhateverTheAccount(Account account) {
        assertEquals(account.login(), account(outer(account)));
    }

    @Test
    void shouldBecomeOthersFromAJvm() {
        Context jvm = router.connect(hosts.outer().ssh(Account.SUDO_PASSWORD));
        Context root = router.connect(Sudo.to("root")
                .password(Account.SUDO_PASSWORD.password())
                .python()
                .via(jvm));
        Context fish = router.connect(Su.to("with-fish")
                .password(Account.WITH_FISH.password())
                .python()
                .via(jvm));
        Context doas = router.connect(Doas.to("root")
                .password(Account.DOAS_PASSWORD.password())
                .python()
                .via(router.connect(hosts.outer().ssh(Account.DOAS_PASSWORD))));

        assertEquals(0, uid(root));
        assertEquals("with-fish", account(fish));
        assertEquals(0, uid(doas));
    }

    @Test
    void shouldBecomeOthersFromPython() {
        Context python = outer(Account.SUDO_PASSWORD);
        Context root = router.connect(Sudo.to("root")
                .password(Account.SUDO_PASSWORD.password())
                .python()
                .via(python));
        Context ops = router.connect(Su.to("ops").python().via(root));

        assertEquals(0, uid(root));
        assertEquals("sudo.root", root.name().substring(root.name().indexOf("sudo.")));
        assertTrue(((Number) uid(ops)).intValue() > 0);
    }

    @Test
    void shouldGoOnBySshFromPython() {
        Context python = outer(Account.OPS);
        Context inner = router.connect(inner(Account.PASSWORD_ONLY).python().via(python));
        Context below = router.connect(Local.create().python().via(inner));

        assertEquals("password-only", account(inner));
        assertEquals("password-only", account(below));
        assertTrue(
                below.path()
                        .endsWith("(Python) -> Ssh password-only@"
                                + hosts.inner().name() + " (Python)" + " -> Local (Python)"),
                below::path);
    }

    @Test
    void shouldReachAJvmBehindABastionWithoutJava() {
        Context python = outer(Account.NO_JAVA);
        Context jvm = router.connect(inner(Account.WITH_CSH).via(python));
        Context root = router.connect(Sudo.to("root")
                .password(Account.SUDO_PASSWORD.password())
                .via(router.connect(inner(Account.SUDO_PASSWORD).via(python))));

        assertEquals("with-csh", jvm.call(() -> System.getProperty("user.name")));
        assertEquals("root", root.call(() -> System.getProperty("user.name")));
    }

    @Test
    void shouldSayWhyPythonCouldNotGoOn() {
        Context python = outer(Account.SUDO_PASSWORD);

        assertFails(Reason.PASSWORD_WRONG, Sudo.to("root").password(Secret.of("not-it")), python);
        assertFails(Reason.PASSWORD_REQUIRED, Sudo.to("root"), python);
        assertFails(Reason.PASSWORD_WRONG, inner(Account.PASSWORD_ONLY).password(Secret.of("not-it")), python);
        assertFails(Reason.EXITED, Ssh.to("no-such-host.invalid").hostKeys(HostKeys.IGNORE), python);
    }

    private void assertFails(Reason reason, ProcessMethod<?> method, Context via) {
        ConnectException e = assertThrows(
                ConnectException.class, () -> router.connect(method.python().via(via)));
        assertEquals(reason, e.reason(), e::getMessage);
        assertFalse(e.getMessage().contains("not-it"), e::getMessage);
    }

    @Test
    void shouldRefuseWhatPythonsMethodsLack() {
        Context python = outer(Account.OPS);

        for (ProcessMethod<?> method : List.of(
                Su.to("root").login(),
                Sudo.to("root").arguments("-k"),
                Ssh.to("x").identity("/k", Secret.of("s")),
                Ssh.to("x").questions(question -> null))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> router.connect(method.python().via(python)));
        }
    }
}
