// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Sudo;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.testkit.docker.Account;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real sudo, in all the ways in which it is configured. */
final class SudoIT extends EscalationContract {
    private static final int SOME_MEGABYTES = 5_000_000;

    // == What it asks ==

    @ParameterizedTest
    @EnumSource(names = {"SUDO_FREE", "SUDO_PTY_FREE"})
    void shouldNeedNoPasswordWhereTheRulesWantNone(Account from) {
        assertBecomes("root", from, Sudo.to("root"));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "SUDO_PASSWORD",
                "SUDO_STARS",
                "SUDO_LECTURE",
                "SUDO_PTY",
                "PAM_NOISE",
                "FRENCH",
                "CHINESE",
                "ODD_PASSWORD",
                "NOISY"
            })
    void shouldGiveThePasswordHoweverSudoAsks(Account from) {
        assertBecomes("root", from, Sudo.to("root").password(from.password()));
    }

    @Test
    void shouldGiveNoPasswordWhereNoneIsWanted() {
        assertBecomes("ops", Account.SUDO_FREE, Sudo.to("ops").password(WRONG));
    }

    @ParameterizedTest
    @EnumSource(names = {"SUDO_TTY", "SUDO_TTY_FREE", "SUDO_STARS", "SUDO_PTY", "SUDO_LECTURE"})
    void shouldWorkOnATerminalOfItsOwn(Account from) {
        assertBecomes("root", from, Sudo.to("root").password(from.password()).terminal());
    }

    @Test
    void shouldPassBytesByTheTerminal() {
        byte[] bytes = new byte[SOME_MEGABYTES];
        new Random(1).nextBytes(bytes);
        byte[] expected = Here.reversed(bytes);

        byte[] found = connected(
                Account.SUDO_TTY,
                Sudo.to("root").password(Account.SUDO_TTY.password()).terminal(),
                context -> context.call(Here::reversed, bytes));

        assertArrayEquals(expected, found);
    }

    // == What it refuses ==

    @Test
    void shouldSayThatAPasswordIsRequired() {
        String message = assertFails(Reason.PASSWORD_REQUIRED, Account.SUDO_PASSWORD, Sudo.to("root"))
                .getMessage();

        assertTrue(message.contains("[sudo] password for sudo-password:"), message);
        assertTrue(message.contains("Sudo.password"), message);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUDO_PASSWORD", "SUDO_PTY", "LOCKED"})
    void shouldSayThatThePasswordIsWrong(Account from) {
        assertFails(Reason.PASSWORD_WRONG, from, Sudo.to("root").password(WRONG));
    }

    @Test
    void shouldSayThatThePasswordIsWrongOnATerminal() {
        assertFails(
                Reason.PASSWORD_WRONG,
                Account.SUDO_TTY,
                Sudo.to("root").password(WRONG).terminal());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPS", "SUDO_LIMITED"})
    void shouldSayThatTheRulesDoNotAllowIt(Account from) {
        String message = assertFails(Reason.NOT_ALLOWED, from, Sudo.to("root").password(from.password()))
                .getMessage();

        assertTrue(!message.contains("FirstStage"), message);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUDO_TTY", "SUDO_TTY_FREE"})
    void shouldSayThatATerminalIsRequired(Account from) {
        String message = assertFails(
                        Reason.TERMINAL_REQUIRED, from, Sudo.to("root").password(from.password()))
                .getMessage();

        assertTrue(message.contains("Sudo.terminal"), message);
    }

    @Test
    void shouldSayThatTheAccountDoesNotExist() {
        assertFails(Reason.ACCOUNT_REFUSED, Account.SUDO_FREE, Sudo.to("nobody-knows"));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPIRED", "STALE"})
    void shouldSayThatTheOwnAccountHasExpired(Account from) {
        assertFails(Reason.ACCOUNT_REFUSED, from, Sudo.to("root").password(from.password()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_LOGIN", "FALSE_SHELL", "NO_SHELL"})
    void shouldSayThatTheShellRefuses(Account target) {
        assertFails(
                Reason.SHELL_REFUSED, Account.SUDO_FREE, Sudo.to(target.login()).login());
        assertBecomes(target.login(), Account.SUDO_FREE, Sudo.to(target.login()));
    }

    @Test
    void shouldSayThatSudoIsMissing() {
        assertFails(Reason.START_REFUSED, Account.OPS, Sudo.to("root").path("/usr/bin/no-sudo"));
        String message = assertFails(
                        Reason.START_REFUSED,
                        Account.OPS,
                        Sudo.to("root").path("no-sudo").terminal())
                .getMessage();

        assertTrue(message.contains("package sudo"), message);
    }

    @Test
    void shouldSayThatMoreThanThePasswordIsWanted() {
        assertFails(Reason.QUESTION_UNANSWERED, Account.CODE, Sudo.to("root").password(Account.CODE.password()));
    }

    @Test
    void shouldAskTheUserForACode() {
        assertAsksForACode("root", Account.CODE, Sudo.to("root"));
    }

    @Test
    void shouldLeaveNothingWhenItsParentIsKilledMeanwhile() {
        assertNothingIsLeftWhenTheParentIsKilled(
                Account.SUDO_PASSWORD, Sudo.to("root").password(WRONG), "sudo -S -u ");
        assertNothingIsLeftWhenTheParentIsKilled(
                Account.SUDO_TTY, Sudo.to("root").password(WRONG).terminal(), "sudo -S -u ");
    }

    // == What the context finds ==

    @ParameterizedTest
    @EnumSource(
            names = {
                "WITH_SH",
                "WITH_DASH",
                "WITH_BASH",
                "WITH_ZSH",
                "WITH_FISH",
                "WITH_CSH",
                "WITH_TCSH",
                "WITH_ASH",
                "NOISY",
                "NOISY_ZSH",
                "NOISY_CSH",
                "NOISY_FISH"
            })
    void shouldPassThroughTheLoginShell(Account target) {
        List<String> seen = connected(
                Account.SUDO_FREE,
                Sudo.to(target.login()).login(),
                context -> List.of(context.call(Here::account), context.call(Here::folder)));

        assertEquals(List.of(target.login(), "/home/" + target.login()), seen);
    }

    @Test
    void shouldFindJavaWhereTheRulesHideIt() {
        List<String> seen = connected(
                Account.SUDO_PATH,
                Sudo.to("root"),
                context -> List.of(
                        context.call(Here::account),
                        context.call(Here::environment).get("PATH")));

        assertEquals(List.of("root", "/usr/sbin:/usr/bin:/sbin:/bin"), seen);
    }

    @Test
    void shouldKeepTheVariablesThatTheRulesKeep() {
        String path = "/usr/local/bin/sudo-with-variables";
        String script = "#!/bin/sh\\nexport KEPT=kept DROPPED=dropped\\nexec sudo \"$@\"\\n";
        host().exec("sh", "-c", "printf '" + script + "' >$0; chmod 755 $0", path);
        try {
            Sudo sudo = Sudo.to("ops").path(path);

            Map<String, String> found = connected(Account.SUDO_KEEP, sudo, context -> context.call(Here::environment));
            Map<String, String> other = connected(Account.SUDO_FREE, sudo, context -> context.call(Here::environment));

            assertEquals("kept", found.get("KEPT"));
            assertEquals(null, found.get("DROPPED"));
            assertEquals(null, other.get("KEPT"));
        } finally {
            host().exec("rm", path);
        }
    }

    @Test
    void shouldStayWhereItIs() {
        String folder = in(Account.SUDO_FREE).call(Here::folder);

        assertEquals(folder, connected(Account.SUDO_FREE, Sudo.to("ops"), context -> context.call(Here::folder)));
    }

    @Test
    void shouldHaveTheEnvironmentThatSudoGives() {
        assertEnvironmentIsThatOf(
                Account.SUDO_FREE, Sudo.to("ops"), SudoIT::withoutCommand, "sudo", "-u", "ops", "env", "-0");
        assertEnvironmentIsThatOf(
                Account.SUDO_FREE,
                Sudo.to("ops").setHome().preserveEnvironment(),
                SudoIT::withoutCommand,
                "sudo",
                "-H",
                "-E",
                "-u",
                "ops",
                "env",
                "-0");
        assertEnvironmentIsThatOf(
                Account.SUDO_FREE,
                Sudo.to("ops").login(),
                SudoIT::withoutCommand,
                "sudo",
                "-i",
                "-u",
                "ops",
                "env",
                "-0");
    }

    /** sudo tells the command what it is. */
    private static Map<String, String> withoutCommand(Map<String, String> environment) {
        environment.remove("SUDO_COMMAND");
        return environment;
    }
}
