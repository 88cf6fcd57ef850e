// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.connect.Escalation;
import io.mitogen.connect.Sudo;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.ProcessMethod;
import io.mitogen.parent.Question;
import io.mitogen.ssh.Ssh;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.docker.Account;
import io.mitogen.testkit.docker.DockerHost;
import io.mitogen.testkit.docker.RequiresDocker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One host with a context in any of its accounts, from which others shall be reached; nothing of an attempt stays there. */
@RequiresDocker
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EscalationContract {
    static final Duration SOON = Duration.ofSeconds(30);
    static final Secret WRONG = Secret.of("not-the-password");

    private final Map<Account, Context> contexts = new EnumMap<>(Account.class);
    private DockerHost host;
    private LeakCheck leftOnHost;
    private Broker broker;
    private MasterRouter router;

    @BeforeAll
    void connect(DockerHost dockerHost) {
        host = dockerHost;
        leftOnHost = host.leakCheck();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        contexts.put(
                Account.ROOT,
                router.connect(Ssh.to(host.host())
                        .arguments(host.sshArguments(Account.ROOT).toArray(String[]::new))));
    }

    @AfterAll
    void shouldLeaveNothingOnTheHost() {
        router.close();
        broker.close();
        leftOnHost.check(SOON);
    }

    final DockerHost host() {
        return host;
    }

    final MasterRouter router() {
        return router;
    }

    /** Returns a context in this account, which root became by sudo: that cares for no property of the account. */
    final Context in(Account account) {
        return contexts.computeIfAbsent(
                account, key -> router.connect(Sudo.to(key.login()).via(contexts.get(Account.ROOT))));
    }

    /** Connects from the account, and looks at the new context; afterwards nothing of it may be left. */
    final <R> R connected(Account from, ProcessMethod<?> method, Function<Context, R> look) {
        Context parent = in(from);
        LeakCheck left = host.leakCheck();
        Context context = router.connect(method.via(parent));
        R seen = look.apply(context);
        context.shutdown();
        left.check(SOON);
        return seen;
    }

    /** Connects from one account to another. */
    final void assertBecomes(String login, Account from, ProcessMethod<?> method) {
        assertEquals(login, connected(from, method, context -> context.call(Here::account)));
    }

    /** Attempts to connect, which must fail for this reason and leave nothing. */
    final ConnectException assertFails(Reason reason, Account from, ProcessMethod<?> method) {
        Context parent = in(from);
        LeakCheck left = host.leakCheck();
        ConnectException e = assertThrows(ConnectException.class, () -> router.connect(method.via(parent)));
        assertEquals(reason, e.reason(), e.getMessage());
        assertFalse(e.getMessage().contains(from.password().reveal()), e.getMessage());
        left.check(SOON);
        return e;
    }

    /** Connects with the password of the account that asks for a code as well, which the user gives. */
    final <M extends Escalation<M>> void assertAsksForACode(String login, Account from, M method) {
        List<Question> questions = Collections.synchronizedList(new ArrayList<>());
        M asking = method.password(Account.CODE.password()).questions(question -> {
            questions.add(question);
            return Account.verificationCode();
        });

        assertBecomes(login, from, asking);

        assertEquals(1, questions.size(), questions.toString());
        assertFails(Reason.PASSWORD_WRONG, from, asking.questions(question -> WRONG));
    }

    /** Kills the JVM that talks with the tool, while the tool, whose command line begins like this, is there. */
    final void assertNothingIsLeftWhenTheParentIsKilled(Account from, ProcessMethod<?> method, String command) {
        Context parent = router.connect(Sudo.to(from.login()).via(contexts.get(Account.ROOT)));
        long pid = parent.call(Here::pid);
        LeakCheck left = host.leakCheck();
        CompletableFuture<Context> attempt = router.connectAsync(method.via(parent));
        Eventually.until(SOON, command + " is there", () -> host.processes().stream()
                .anyMatch(process -> process.split(" ", 3)[2].startsWith(command)));

        host.exec("kill", "-KILL", Long.toString(pid));

        Eventually.until(SOON, "the attempt ends", attempt::isCompletedExceptionally);
        left.check(SOON);
    }

    /** Compares the environments of the context and of a command that prints its own, but for what shells add. */
    final void assertEnvironmentIsThatOf(
            Account from, ProcessMethod<?> method, UnaryOperator<Map<String, String>> without, String... command) {
        Map<String, String> expected = in(from).call(Here::environmentOf, new ArrayList<>(List.of(command)));
        Map<String, String> found = connected(from, method, context -> context.call(Here::environment));
        assertEquals(
                without.apply(withoutShell(expected)).toString(),
                without.apply(withoutShell(found)).toString());
    }

    private static Map<String, String> withoutShell(Map<String, String> environment) {
        Map<String, String> rest = new TreeMap<>(environment);
        rest.keySet().removeAll(List.of("PWD", "OLDPWD", "SHLVL", "_"));
        return rest;
    }
}
