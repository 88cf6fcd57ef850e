// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.escalate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Doas;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.testkit.docker.Account;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real doas. */
final class DoasIT extends EscalationContract {
    private static final int SOME_MEGABYTES = 5_000_000;

    @ParameterizedTest
    @EnumSource(names = {"DOAS_FREE", "DOAS_KEEP"})
    void shouldNeedNoPasswordWhereTheRulesWantNone(Account from) {
        assertBecomes("root", from, Doas.to("root"));
        assertBecomes("ops", from, Doas.to("ops").password(WRONG));
    }

    @ParameterizedTest
    @EnumSource(names = {"DOAS_PASSWORD", "PAM_NOISE", "FRENCH"})
    void shouldGiveThePassword(Account from) {
        assertBecomes("root", from, Doas.to("root").password(from.password()));
    }

    @Test
    void shouldPassBytesByTheTerminal() {
        byte[] bytes = new byte[SOME_MEGABYTES];
        new Random(1).nextBytes(bytes);
        byte[] expected = Here.reversed(bytes);

        byte[] found = connected(
                Account.DOAS_PASSWORD,
                Doas.to("ops").password(Account.DOAS_PASSWORD.password()),
                context -> context.call(Here::reversed, bytes));

        assertArrayEquals(expected, found);
    }

    @Test
    void shouldSayThatAPasswordIsRequired() {
        String message = assertFails(Reason.PASSWORD_REQUIRED, Account.DOAS_PASSWORD, Doas.to("root"))
                .getMessage();

        assertTrue(message.contains("Doas.password"), message);
    }

    @Test
    void shouldSayThatThePasswordIsWrong() {
        assertFails(
                Reason.PASSWORD_WRONG, Account.DOAS_PASSWORD, Doas.to("root").password(WRONG));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPIRED", "STALE"})
    void shouldSayThatTheOwnAccountHasExpired(Account from) {
        assertFails(Reason.ACCOUNT_REFUSED, from, Doas.to("root").password(from.password()));
    }

    @Test
    void shouldSayThatMoreThanThePasswordIsWanted() {
        assertFails(Reason.QUESTION_UNANSWERED, Account.CODE, Doas.to("root").password(Account.CODE.password()));
    }

    @Test
    void shouldAskTheUserForACode() {
        assertAsksForACode("root", Account.CODE, Doas.to("root"));
    }

    @Test
    void shouldSayThatTheRulesDoNotAllowIt() {
        assertFails(Reason.NOT_ALLOWED, Account.OPS, Doas.to("root"));
        assertFails(Reason.NOT_ALLOWED, Account.OPS, Doas.to("root").password(Account.OPS.password()));
    }

    @Test
    void shouldSayThatTheAccountDoesNotExist() {
        assertFails(Reason.ACCOUNT_REFUSED, Account.DOAS_FREE, Doas.to("nobody-knows"));
    }

    @Test
    void shouldSayThatDoasIsMissing() {
        String message = assertFails(
                        Reason.START_REFUSED, Account.OPS, Doas.to("root").path("no-doas"))
                .getMessage();

        assertTrue(message.contains("package opendoas"), message);
    }

    @Test
    void shouldLeaveNothingWhenItsParentIsKilledMeanwhile() {
        assertNothingIsLeftWhenTheParentIsKilled(
                Account.DOAS_PASSWORD, Doas.to("root").password(WRONG), "doas -u root ");
    }

    @Test
    void shouldStayWhereItIs() {
        String folder = in(Account.DOAS_FREE).call(Here::folder);

        assertEquals(folder, connected(Account.DOAS_FREE, Doas.to("ops"), context -> context.call(Here::folder)));
    }

    @Test
    void shouldHaveTheEnvironmentThatDoasGives() {
        assertEnvironmentIsThatOf(
                Account.DOAS_FREE, Doas.to("ops"), UnaryOperator.identity(), "doas", "-u", "ops", "env", "-0");
        assertEnvironmentIsThatOf(
                Account.DOAS_KEEP, Doas.to("ops"), UnaryOperator.identity(), "doas", "-u", "ops", "env", "-0");
        assertEnvironmentIsThatOf(
                Account.DOAS_FREE,
                Doas.to("ops").password(WRONG), // on a terminal
                UnaryOperator.identity(),
                "doas",
                "-u",
                "ops",
                "env",
                "-0");
    }
}
