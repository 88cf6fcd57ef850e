// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Su;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Question;
import io.mitogen.testkit.docker.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real su. */
final class SuIT extends EscalationContract {
    private static final Duration STEP = Duration.ofMillis(500);

    // == What it asks ==

    @ParameterizedTest
    @EnumSource(names = {"KEY_ONLY", "PAM_NOISE", "ODD_PASSWORD", "NOISY", "FRENCH"})
    void shouldGiveThePasswordOfTheAccount(Account target) {
        assertBecomes(target.login(), Account.OPS, Su.to(target.login()).password(target.password()));
    }

    @Test
    void shouldAskInTheLanguageThatIsKnown() {
        assertBecomes("ops", Account.FRENCH, Su.to("ops").password(Account.OPS.password()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NOISY", "NOISY_ZSH", "NOISY_CSH", "NOISY_FISH"})
    void shouldGiveNoPasswordToAProfileThatSeemsToAsk(Account target) {
        assertBecomes(
                target.login(), Account.ROOT, Su.to(target.login()).login().password(target.password()));
        assertBecomes(target.login(), Account.OPS, Su.to(target.login()).login().password(target.password()));
    }

    // == What it refuses ==

    @Test
    void shouldSayThatAPasswordIsRequired() {
        assertFails(Reason.PASSWORD_REQUIRED, Account.OPS, Su.to("root"));
    }

    @ParameterizedTest
    @EnumSource(names = {"ROOT", "LOCKED"})
    void shouldSayThatThePasswordIsWrong(Account target) {
        assertFails(Reason.PASSWORD_WRONG, Account.OPS, Su.to(target.login()).password(WRONG));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPIRED", "STALE"})
    void shouldSayThatTheAccountHasExpired(Account target) {
        assertFails(Reason.ACCOUNT_REFUSED, Account.OPS, Su.to(target.login()).password(target.password()));
    }

    @Test
    void shouldSayThatTheAccountDoesNotExist() {
        assertFails(Reason.ACCOUNT_REFUSED, Account.OPS, Su.to("nobody-knows").password(WRONG));
    }

    @Test
    void shouldSayThatTheRulesDoNotAllowIt() {
        assertFails(Reason.NOT_ALLOWED, Account.OPS, Su.to("guarded").password(Account.GUARDED.password()));
        assertBecomes("guarded", Account.GUARD, Su.to("guarded").password(Account.GUARDED.password()));
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_LOGIN", "FALSE_SHELL", "NO_SHELL"})
    void shouldSayThatTheShellRefuses(Account target) {
        assertFails(Reason.SHELL_REFUSED, Account.OPS, Su.to(target.login()).password(target.password()));
        assertBecomes(target.login(), Account.ROOT, Su.to(target.login()).shell("/bin/sh"));
    }

    @Test
    void shouldSayThatSuIsMissing() {
        String message = assertFails(
                        Reason.START_REFUSED, Account.OPS, Su.to("root").path("no-su"))
                .getMessage();

        assertTrue(message.contains("package util-linux"), message);
    }

    @Test
    void shouldSayThatMoreThanThePasswordIsWanted() {
        String message = assertFails(
                        Reason.QUESTION_UNANSWERED, Account.OPS, Su.to("code").password(Account.CODE.password()))
                .getMessage();

        assertTrue(message.contains("Verification code: "), message);
    }

    @Test
    void shouldAskTheUserForACode() {
        assertAsksForACode("code", Account.OPS, Su.to("code"));
    }

    // == What stays when it is given up ==

    @Test
    void shouldLeaveNothingWhenTheTimeIsOverWhileSuMakesItsUserWait() {
        List<Question> asked = Collections.synchronizedList(new ArrayList<>());
        Su su = Su.to("root").questions(question -> {
            asked.add(question);
            return WRONG;
        });
        for (Duration limit = STEP; asked.isEmpty(); limit = limit.plus(STEP)) { // su waits for longer than a step
            assertFails(Reason.TIMEOUT, Account.OPS, su.connectTimeout(limit));
        }
        assertEquals(1, asked.size(), asked.toString());
    }

    @Test
    void shouldLeaveNothingWhenItsParentIsKilledMeanwhile() {
        assertNothingIsLeftWhenTheParentIsKilled(Account.OPS, Su.to("root").password(WRONG), "su -c ");
    }

    // == What the context finds ==

    @ParameterizedTest
    @EnumSource(
            names = {"WITH_SH", "WITH_DASH", "WITH_BASH", "WITH_ZSH", "WITH_FISH", "WITH_CSH", "WITH_TCSH", "WITH_ASH"})
    void shouldPassThroughTheLoginShell(Account target) {
        String folder = in(Account.ROOT).call(Here::folder);
        assertEquals(
                List.of(target.login(), folder),
                connected(
                        Account.ROOT,
                        Su.to(target.login()),
                        context -> List.of(context.call(Here::account), context.call(Here::folder))));
        assertEquals(
                List.of(target.login(), "/home/" + target.login()),
                connected(
                        Account.ROOT,
                        Su.to(target.login()).login(),
                        context -> List.of(context.call(Here::account), context.call(Here::folder))));
    }

    @Test
    void shouldHaveTheEnvironmentThatSuGives() {
        assertEnvironmentIsThatOf(Account.ROOT, Su.to("ops"), UnaryOperator.identity(), "su", "ops", "-c", "env -0");
        assertEnvironmentIsThatOf(
                Account.ROOT, Su.to("ops").login(), UnaryOperator.identity(), "su", "-l", "ops", "-c", "env -0");
        assertEnvironmentIsThatOf(
                Account.ROOT,
                Su.to("ops").arguments("-p"),
                UnaryOperator.identity(),
                "su",
                "-p",
                "ops",
                "-c",
                "env -0");
    }
}
