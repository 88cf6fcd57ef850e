// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.connect.Doas;
import io.mitogen.connect.Local;
import io.mitogen.connect.Su;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.ssh.HostKeys;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.SecretSearch;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.Bastion;
import io.mitogen.testkit.docker.RequiresDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several tools one after the other, over two hosts, and everything that works at the end of such a chain. */
@RequiresDocker
@Timeout(120)
final class ChainsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Queue<String> records = new ConcurrentLinkedQueue<>();
    private final Logger logger = Logger.getLogger("mitogen");
    private final Level levelBefore = logger.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record.getLevel() + " " + record.getLoggerName() + ": " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Bastion hosts;
    private List<LeakCheck> left;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start(Bastion bastion) {
        hosts = bastion;
        logger.setLevel(Level.INFO);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        left = List.of(bastion.outer().leakCheck(), bastion.inner().leakCheck());
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(levelBefore);
        left.forEach(host -> host.check(SOON));
    }

    private Context outer(Account account) {
        return router.connect(hosts.outer().ssh(account));
    }

    private Ssh inner(Account account) {
        return Ssh.to(hosts.inner().name())
                .user(account.login())
                .password(account.password())
                .hostKeys(HostKeys.IGNORE)
                .arguments("-o", "UserKnownHostsFile=/dev/null");
    }

    @Test
    void shouldGoBySshAndSudoAndSshAndSu() {
        Context bastion = outer(Account.SUDO_PASSWORD);
        Context root = router.connect(
                Sudo.to("root").password(Account.SUDO_PASSWORD.password()).via(bastion));
        Context inner = router.connect(inner(Account.PASSWORD_ONLY).via(root));
        Context end = router.connect(Su.to("with-fish")
                .login()
                .password(Account.WITH_FISH.password())
                .via(inner));

        assertEquals("root", root.call(Here::account));
        assertEquals("password-only", inner.call(Here::account));
        assertWorks("with-fish", end);
        assertNoSecretIn(root, Account.SUDO_PASSWORD, Account.PASSWORD_ONLY, Account.WITH_FISH);
    }

    @Test
    void shouldGoBySshAndSshAndDoas() {
        Context bastion = outer(Account.OPS);
        Context inner = router.connect(inner(Account.DOAS_PASSWORD).via(bastion));
        Context end = router.connect(
                Doas.to("root").password(Account.DOAS_PASSWORD.password()).via(inner));

        assertWorks("root", end);
        assertNoSecretIn(end, Account.DOAS_PASSWORD);
    }

    /** Calls, classes that come from here, logs and standard streams, and contexts below. */
    private void assertWorks(String account, Context end) {
        assertEquals(account, end.call(Here::account));
        assertEquals("abab", end.call(ChainsIT::twice, "ab"));
        end.call(Here::print, "the end of the chain");
        Eventually.until(
                SOON,
                "what it printed arrives: " + records,
                () -> hasRecord("the end of the chain out") && hasRecord("the end of the chain err"));
        assertLogs(end);
        Context below = router.connect(Local.create().name("below").via(end));
        assertEquals(account, below.call(Here::account));
        assertEquals(end.path() + " -> Local below", below.path());
        assertLogs(below);
    }

    private void assertLogs(Context context) {
        context.call(Here::log, "a line of the log");
        String logger = " mitogen.ctx." + context.name() + ": ";
        Eventually.until(
                SOON,
                "what " + context.name() + " logged arrives: " + records,
                () -> records.containsAll(List.of(
                        "WARNING" + logger + "a line of the log, jul",
                        "SEVERE" + logger + "a line of the log, system")));
    }

    private boolean hasRecord(String text) {
        return records.stream().anyMatch(record -> record.contains(text));
    }

    /** A class that the context is sent, when another class that it was sent needs it. */
    private record Shipped(String text) {
        String twice() {
            return text + text;
        }
    }

    private static String twice(String text) {
        return new Shipped(text).twice();
    }

    /** Searches all processes, and all temporary files, of the context's host; and the log. */
    private void assertNoSecretIn(Context root, Account... accounts) {
        List<String> secrets = new ArrayList<>(Arrays.stream(accounts)
                .map(account -> account.password().reveal())
                .toList());
        assertEquals(
                List.of(), root.call(SecretSearch::search, secrets, new ArrayList<>(SecretSearch.TEMPORARY_FOLDERS)));
        assertEquals(List.of(), SecretSearch.searchText(secrets, "log", String.join("\n", records)));
    }
}
