// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Doas;
import io.mitogen.connect.Su;
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
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts in place of sudo, su and doas write down all that reaches them: the password only ever as an answer. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FakeToolIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(1500);
    private static final Secret SECRET = Secret.of("open sesame");

    /** Sudo's arguments; a script goes on with the command as {@code "$@"}. */
    private static final String ARGUMENTS = "prompt=$(printf %s \"$SUDO_PROMPT\" | sed 's/%p/ann/'); shift 4";

    private static final String LISTEN = "exec tee -a \"$0.heard\"";
    private static final String READ = "IFS= read -r answer; printf '%s\\n' \"$answer\" >>\"$0.heard\"";

    @TempDir
    Path folder;

    private Path script;
    private LeakCheck processes;
    private Broker broker;
    private MasterRouter router;

    /** The first process takes longer than others. */
    @BeforeAll
    void start() {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        router.local().shutdown();
    }

    @AfterAll
    void end() {
        router.close();
        broker.close();
    }

    @BeforeEach
    void watch() {
        script = folder.resolve("tool");
        processes = ProcessLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() {
        processes.check(SOON);
    }

    /** Connects, and ends the context. */
    private void assertConnects(ProcessMethod<?> method) {
        Context context = router.connect(method);
        assertTrue(context.call(Here::pid) > 0);
        context.shutdown();
    }

    private String tool(String... lines) throws IOException {
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    private Sudo sudo(String... lines) throws IOException {
        return Sudo.to("nobody").password(SECRET).path(tool(lines));
    }

    private Su su(String... lines) throws IOException {
        return Su.to("nobody").password(SECRET).path(tool(lines));
    }

    private Doas doas(String... lines) throws IOException {
        return Doas.to("nobody").password(SECRET).path(tool(lines));
    }

    private String heard() throws IOException {
        Path file = Path.of(script + ".heard");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private ConnectException failure(Reason reason, ProcessMethod<?> method) {
        ConnectException e = assertThrows(
                ConnectException.class, () -> router.connect(method).shutdown());
        assertEquals(reason, e.reason(), e.getMessage());
        assertFalse(e.getMessage().contains(SECRET.reveal()), e.getMessage());
        assertFalse(e.lastLines().toString().contains(SECRET.reveal()), e.getMessage());
        return e;
    }

    // == Active characters ==

    /** Octal escapes of {@code printf} for control characters, a bidirectional mark and a byte order mark. */
    private static final String ACTIVE = "\\033[2J\\007\\b\\r\\302\\233\\342\\200\\256\\357\\273\\277";

    private static final String SHOWN = "\\u001b[2J\\u0007\\u0008\\u000d\\u009b\\u202e\\ufeff";

    @Test
    void shouldTellWhatAToolSaidInLettersThatActOnNoTerminal() throws IOException {
        String[] says = {"printf 'said " + ACTIVE + ".\\n' >&2", "printf 'out " + ACTIVE + ".\\n'", "exit 1"};
        Context via = router.local();
        for (ProcessMethod<?> method : List.of(sudo(says), sudo(says).via(via))) {
            ConnectException e = failure(Reason.EXITED, method);
            assertTrue(e.getMessage().contains("\n    said " + SHOWN + "."), e.getMessage());
            assertTrue(
                    e.lastLines().contains("said " + SHOWN + "."), e.lastLines().toString());
            assertTrue(
                    e.lastLines().contains("out " + SHOWN + "."), e.lastLines().toString());
            assertTrue(e.toString().codePoints().noneMatch(c -> Character.isISOControl(c) && c != '\n'), e.toString());
        }
        via.shutdown();
    }

    @Test
    void shouldAskTheUserInLettersThatActOnNoTerminal() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        Sudo sudo = Sudo.to("nobody").path(tool("printf 'Code " + ACTIVE + ": ' >&2", LISTEN));
        ConnectException e = failure(Reason.QUESTION_UNANSWERED, sudo.questions(question -> {
            asked.add(question.text());
            throw new IllegalStateException("no answer");
        }));
        assertEquals(List.of("Code " + SHOWN + ": "), asked);
        assertTrue(e.getMessage().contains("Code " + SHOWN), e.getMessage());
    }

    // == What is no question ==

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Password: ",
                "[sudo] password for root: ",
                "sudo password:",
                "[sudo] password for ann [mitogen-00000000000000000000000000000000]: "
            })
    void shouldGiveSudoNothingAtAnotherQuestion(String question) throws IOException {
        failure(Reason.QUESTION_UNANSWERED, sudo("printf '" + question + "' >&2", LISTEN));

        assertEquals("", heard());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "printf 'is it %s perhaps?\\n' \"$prompt\" >&2",
                "printf '%sno\\n' \"$prompt\" >&2",
                "printf '%s.' \"$prompt\" >&2",
                "printf '%s' \"$*\" >&2",
            })
    void shouldGiveSudoNothingWhenItOnlyTalksOfTheQuestion(String line) throws IOException {
        failure(Reason.TIMEOUT, sudo(ARGUMENTS, line, LISTEN).connectTimeout(MOMENT));

        assertEquals("", heard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"password: ", "Password:", " Password: "})
    void shouldGiveSuNothingAtAnotherQuestion(String question) throws IOException {
        failure(Reason.QUESTION_UNANSWERED, su("printf '" + question + "' >&2", LISTEN));

        assertEquals("", heard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password: yes, ", "su: Password: "})
    void shouldGiveSuNothingWhenItOnlyTalksOfTheQuestion(String text) throws IOException {
        failure(Reason.TIMEOUT, su("printf '" + text + "' >&2", LISTEN).connectTimeout(MOMENT));

        assertEquals("", heard());
    }

    @Test
    void shouldGiveSuNothingWhenItsQuestionComesFromTheShellOfTheAccount() throws IOException {
        failure(
                Reason.TIMEOUT,
                su("sh -c 'printf \"Password: \" >&2; cat >>\"$1.heard\"' shell \"$0\"; exit 1")
                        .connectTimeout(MOMENT));

        assertEquals("", heard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password: ", "doas (somebody@here) password: ", "doas password: "})
    void shouldGiveDoasNothingAtAnotherQuestion(String question) throws IOException {
        failure(
                Reason.TIMEOUT,
                doas("printf '" + question + "' >/dev/tty", "cat </dev/tty >>\"$0.heard\"")
                        .connectTimeout(MOMENT));

        assertEquals("", heard());
    }

    // == What is one ==

    @Test
    void shouldGiveSudoThePasswordWhenItsQuestionComesInPieces() throws IOException {
        assertConnects(sudo(
                ARGUMENTS,
                "tail=${prompt#*for}",
                "printf 'a lecture%s' \"${prompt%\"$tail\"}\" >&2",
                "sleep 0.2",
                "printf %s \"$tail\" >&2",
                READ,
                "exec \"$@\""));

        assertEquals(SECRET.reveal() + "\n", heard());
    }

    @Test
    void shouldGiveSudoRsThePassword() throws IOException {
        assertConnects(sudo(
                "prompt=$SUDO_PROMPT; shift 4", "printf '[sudo: %s] Password: ' \"$prompt\" >&2", READ, "exec \"$@\""));

        assertEquals(SECRET.reveal() + "\n", heard());
    }

    @Test
    void shouldGiveSudoThePasswordOnce() throws IOException {
        failure(
                Reason.PASSWORD_WRONG,
                sudo(ARGUMENTS, "printf %s \"$prompt\" >&2", READ, "echo No. >&2; printf %s \"$prompt\" >&2", LISTEN));

        processes.check(SOON);
        assertEquals(SECRET.reveal() + "\n", heard());
    }

    @Test
    void shouldHearSudosComplaintWhenItFollowsAnAnswerOfTheUser() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        Sudo sudo = sudo(
                ARGUMENTS,
                "printf %s \"$prompt\" >&2",
                READ,
                "printf 'Code: ' >&2",
                READ,
                "echo 'Sorry, try again.' >&2; printf %s \"$prompt\" >&2",
                LISTEN);

        failure(Reason.PASSWORD_WRONG, sudo.questions(question -> {
            asked.add(question.text());
            return Secret.of("0");
        }));

        assertEquals(List.of("Code: "), asked);
    }

    @Test
    void shouldGiveSuThePasswordOnce() throws IOException {
        failure(Reason.PASSWORD_WRONG, su("printf 'Password: ' >&2", READ, "printf 'Password: ' >&2", LISTEN));

        processes.check(SOON);
        assertEquals(SECRET.reveal() + "\n", heard());
    }

    @Test
    void shouldGiveDoasThePasswordOnce() throws IOException {
        String ask = "printf '\\rdoas (%s@here) password: ' \"$(id -un)\" >/dev/tty";
        failure(
                Reason.PASSWORD_WRONG,
                doas(
                        "stty -echo </dev/tty",
                        ask,
                        "IFS= read -r answer </dev/tty; echo \"$answer\" >>\"$0.heard\"",
                        ask,
                        "cat </dev/tty >>\"$0.heard\""));

        processes.check(SOON);
        assertEquals(SECRET.reveal() + "\n", heard());
    }

    // == How it is called ==

    @Test
    void shouldGiveSudoRoleAndTypeAndWhatElseWasChosen() throws IOException {
        Sudo sudo = sudo("for i in 1 2 3 4 5 6 7 8 9 10; do echo \"$1\" >>\"$0.heard\"; shift; done", "exec \"$@\"");

        assertConnects(
                sudo.selinuxRole("sysadm_r").selinuxType("sysadm_t").setHome().preserveEnvironment());

        assertEquals("-S -u nobody -H -E -r sysadm_r -t sysadm_t -- ", heard().replace('\n', ' '));
    }

    @Test
    void shouldSayThatTheProgramIsMissingThatMakesTerminals() throws IOException {
        Context parent =
                router.connect(Sudo.to("nobody").path(tool("shift 4", "PATH=/nowhere", "export PATH", "exec \"$@\"")));
        Sudo sudo = Sudo.to("nobody").password(SECRET).terminal();

        assertNamesScript(failure(Reason.TERMINAL_REQUIRED, sudo.via(parent)));
        assertNamesScript(failure(
                Reason.TERMINAL_REQUIRED, Doas.to("nobody").password(SECRET).via(parent)));
        parent.shutdown();
    }

    private static void assertNamesScript(ConnectException e) {
        assertTrue(e.getMessage().contains("no program script (util-linux)"), e.getMessage());
    }

    // == What becomes of it ==

    @Test
    void shouldNotShowThePasswordThatSudoEchoes() throws IOException {
        ConnectException e = failure(
                Reason.EXITED,
                sudo(ARGUMENTS, "printf %s \"$prompt\" >&2", READ, "echo \"what is $answer?\" >&2; exit 3"));

        assertTrue(e.getMessage().contains("what is [secret]?"), e.getMessage());
    }

    @Test
    void shouldNotMindWhenSudoEndsAfterItsQuestion() throws IOException {
        failure(Reason.EXITED, sudo(ARGUMENTS, "printf %s \"$prompt\" >&2", "exit 1"));
    }

    @Test
    void shouldEndSudoByTheEndOfItsInputWhenItIgnoresSignals() throws IOException {
        CompletableFuture<Context> attempt =
                router.connectAsync(sudo("trap '' TERM", "echo here >>\"$0.heard\"", "printf 'Code: ' >&2", LISTEN));
        Eventually.until(SOON, "it runs", () -> Files.exists(Path.of(script + ".heard")));

        attempt.cancel(true);

        processes.check(SOON);
    }
}
