// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Dialogue;
import io.mitogen.parent.Ending;
import io.mitogen.parent.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the words of sudo, su and doas mean, those of other versions and systems included. */
final class EscalationDialogueTest {
    private static final Ending SILENCE = new Ending(List.of(), 1, false);
    private static final String QUESTION = "[sudo] password for ann [n]: ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann is not in the sudoers file.|NOT_ALLOWED",
                "ann is not in the sudoers file.  This incident has been reported.|NOT_ALLOWED",
                "Sorry, user ann may not run sudo on here.|NOT_ALLOWED",
                "sudo: sorry, you are not allowed to preserve the environment|NOT_ALLOWED",
                "sudo: sorry, you are not allowed to set the following environment variables: X|NOT_ALLOWED",
                "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.|NOT_ALLOWED",
                "sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set|NOT_ALLOWED",
                "sudo: unknown user: eve|ACCOUNT_REFUSED",
                "sudo: unknown group ops|ACCOUNT_REFUSED",
                "sudo: a remote host may only be specified when listing privileges.|START_REFUSED",
                "sudo: unknown user eve|ACCOUNT_REFUSED",
                "sudo: user 'eve' not found|ACCOUNT_REFUSED",
                "sudo: account validation failure, is your account locked?|ACCOUNT_REFUSED",
                "sudo: you must have a tty to run sudo|TERMINAL_REQUIRED",
                "sudo: sorry, you must have a tty to run sudo|TERMINAL_REQUIRED",
                "sudo: a password is required|PASSWORD_REQUIRED",
                "sudo: 1 incorrect password attempt|PASSWORD_REQUIRED",
                "This account is currently not available.|SHELL_REFUSED",
                "sudo: /bin/no-such-shell: command not found|SHELL_REFUSED",
                "Cannot run program \"sudo\": error=2, No such file or directory|START_REFUSED",
                "Cannot run program \"sudo\": Exec failed, error: 2 (No such file or directory) |START_REFUSED",
                "Cannot run program \"sudo\": error=2, Datei oder Verzeichnis nicht gefunden|START_REFUSED",
                "Cannot run program \"sudo\": posix_spawn failed, error: 2 (No such file or directory), spawn helper: /x|",
                "sh: 1: exec: sudo: not found|START_REFUSED",
                "/bin/sh: line 4: exec: sudo: not found|START_REFUSED",
                "/etc/sudoers:2:9: syntax error|START_REFUSED",
                ">>> /etc/sudoers: syntax error near line 28 <<<|START_REFUSED",
                "sudo: parse error in /etc/sudoers near line 28|START_REFUSED",
                "sudo: /etc/sudoers is world writable|START_REFUSED",
                "sudo: /etc/sudoers.d/ann is owned by uid 1000, should be 0|START_REFUSED",
                "sudo: no valid sudoers sources found, quitting|START_REFUSED",
                "sudo: unable to initialize policy plugin|START_REFUSED",
                "sudo: fatal error, unable to load plugins|START_REFUSED",
                "sudo: error in /etc/sudo.conf, line 1 while loading plugin \"sudoers_policy\"|START_REFUSED",
                "sudo: unable to open /etc/sudoers: Permission denied|START_REFUSED",
                "sudo: unable to initialize PAM: Critical error - immediate abort|START_REFUSED",
                "sudo: PAM account management error: Module is unknown|START_REFUSED",
                "sudo: PAM account management error: Permission denied|ACCOUNT_REFUSED",
                "sudo: policy plugin failed session initialization|START_REFUSED",
                "sudo: invalid option -- 'Z'|START_REFUSED",
                "usage: sudo [-u user] command|START_REFUSED",
                "sudo: effective uid is not 0, is sudo on a file system with the 'nosuid' option set?|NOT_ALLOWED",
                "sudo: unable to change to root gid: Operation not permitted|NOT_ALLOWED",
                "sudo: unable to fork: Resource temporarily unavailable|",
                "sudo: unable to resolve host here: Name or service not known|",
                "sudo-rs: I'm sorry ann. I'm afraid I can't do that|NOT_ALLOWED",
                "sudo-rs: interactive authentication is required|PASSWORD_REQUIRED",
            })
    void shouldKnowWhatSudoSays(String line, Reason reason) {
        assertEquals(reason, meaning(sudo(null), line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "su: user eve does not exist or the user entry does not contain all the required fields|ACCOUNT_REFUSED",
                "su: unknown user eve|ACCOUNT_REFUSED",
                "su: group ops does not exist|ACCOUNT_REFUSED",
                "No passwd entry for user 'eve'|",
                "su: User account has expired|ACCOUNT_REFUSED",
                "Your account has expired; please contact your system administrator.|ACCOUNT_REFUSED",
                "su: Permission denied|NOT_ALLOWED",
                "su: Authentication failure|NOT_ALLOWED",
                "su: cannot set groups: Operation not permitted|NOT_ALLOWED",
                "su: cannot open session: Cannot make/remove an entry for the specified session|NOT_ALLOWED",
                "su: cannot open session: Permission denied|NOT_ALLOWED",
                "su: cannot open session: Module is unknown|START_REFUSED",
                "su: Module is unknown|START_REFUSED",
                "su: System error|START_REFUSED",
                "su: cannot set user id: Operation not permitted|NOT_ALLOWED",
                "su: cannot set user id: Resource temporarily unavailable|",
                "su: failed to establish user credentials: Permission denied|NOT_ALLOWED",
                "su: not running setuid|NOT_ALLOWED",
                "su: unrecognized option '--zzz'|START_REFUSED",
                "The account is locked due to 3 failed logins.|ACCOUNT_REFUSED",
                "su: must be run from a terminal|TERMINAL_REQUIRED",
                "su: failed to execute /bin/nothing: No such file or directory|SHELL_REFUSED",
                "This account is currently not available.|SHELL_REFUSED",
                "Cannot run program \"su\": error=13, Permission denied|START_REFUSED",
                "Cannot run program \"su\": error=11, Resource temporarily unavailable|",
            })
    void shouldKnowWhatSuSays(String line, Reason reason) {
        assertEquals(reason, meaning(new SuDialogue("root", null, false), line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "doas: Operation not permitted|NOT_ALLOWED",
                "doas: doas is not enabled, /etc/doas.conf: No such file or directory|NOT_ALLOWED",
                "doas: Authentication required|PASSWORD_REQUIRED",
                "doas: Authentication failed|NOT_ALLOWED",
                "doas: a tty is required|TERMINAL_REQUIRED",
                "doas: /etc/doas.conf is not owned by root|START_REFUSED",
                "doas: /etc/doas.conf is writable by group or other|START_REFUSED",
                "doas: syntax error at line 3|START_REFUSED",
                "doas: could not open config file /etc/doas.conf: Permission denied|START_REFUSED",
                "doas: pam_start: System error|START_REFUSED",
                "doas: setresgid: Operation not permitted|NOT_ALLOWED",
                "usage: doas [-Lns] [-a style] [-C config] [-u user] command [args]|START_REFUSED",
                "doas: unknown user|ACCOUNT_REFUSED",
                "Your account has expired; please contact your system administrator.|ACCOUNT_REFUSED",
                "/bin/sh: 1: exec: doas: not found|START_REFUSED",
                "somebody: doas: unknown user|",
            })
    void shouldKnowWhatDoasSays(String line, Reason reason) {
        assertEquals(reason, meaning(new DoasDialogue("ann", "root", null, false), line));
    }

    @Test
    void shouldBlameARuleThatSudoCannotReadForARefusalOnly() {
        Ending refused =
                new Ending(List.of("/etc/sudoers:2:9: syntax error", "ann is not in the sudoers file."), 1, false);
        Reply.Failure failure = sudo(null).onEnd(refused);
        assertEquals(Reason.START_REFUSED, failure.reason());
        assertTrue(failure.text().contains("/etc/sudoers:2:9: syntax error"), failure.text());
        assertTrue(failure.text().contains("visudo -c"), failure.text());

        Ending asked = new Ending(List.of("/etc/sudoers:2:9: syntax error", "sudo: a password is required"), 1, false);
        assertEquals(Reason.PASSWORD_REQUIRED, sudo(null).onEnd(asked).reason());
    }

    private static Reason meaning(Dialogue dialogue, String line) {
        Reply.Failure failure = dialogue.onEnd(new Ending(List.of("something else", line), 1, false));
        return failure == null ? null : failure.reason();
    }

    @Test
    void shouldTakeSilenceForAShellThatRefuses() {
        assertEquals(
                Reason.SHELL_REFUSED,
                new SuDialogue("root", null, false).onEnd(SILENCE).reason());
        assertEquals(Reason.SHELL_REFUSED, sudo(null).onEnd(SILENCE).reason());
        assertNull(new SudoDialogue("n", "root", null, false, false).onEnd(SILENCE));
        assertNull(new DoasDialogue("ann", "root", null, false).onEnd(SILENCE));
    }

    @Test
    void shouldNotTakeTheWordsOfTheCommandForThoseOfTheTool() {
        Ending ending = new Ending(List.of("sudo: unknown user: eve"), 1, true);

        assertNull(sudo(null).onEnd(ending));
        assertNull(new SuDialogue("root", null, false).onEnd(new Ending(List.of(), 1, true)));
    }

    // == Questions that follow the first ==

    @Test
    void shouldTellAWrongPasswordFromAFurtherQuestion() {
        assertEquals(Reason.PASSWORD_WRONG, secondQuestion(false, "", "Sorry, try again."));
        assertEquals(Reason.PASSWORD_WRONG, secondQuestion(true, "", "Sorry, try again."));
        assertEquals(Reason.PASSWORD_WRONG, secondQuestion(false, "Are you on drugs?"));
        assertEquals(Reason.QUESTION_UNANSWERED, secondQuestion(false));
    }

    private static Reason secondQuestion(boolean asksUser, String... between) {
        SudoDialogue sudo = new SudoDialogue("n", "root", Secret.of("x"), asksUser, false);
        sudo.onLine("a lecture");
        assertInstanceOf(Reply.Answer.class, sudo.onText(QUESTION));
        for (String line : between) {
            assertEquals(Reply.NOTHING, sudo.onLine(line));
        }
        return ((Reply.Failure) sudo.onText(QUESTION)).reason();
    }

    @Test
    void shouldAskTheUserWhatThePasswordDoesNotAnswer() {
        SudoDialogue sudo = new SudoDialogue("n", "root", Secret.of("x"), true, false);
        sudo.onText(QUESTION);
        assertEquals(new Reply.ToUser("[sudo] password for ann: "), sudo.onText(QUESTION));

        sudo.onLine("now the code");
        assertEquals(new Reply.ToUser("now the code\n[sudo] password for ann: "), sudo.onText(QUESTION));

        SuDialogue su = new SuDialogue("root", Secret.of("x"), true);
        assertEquals(Reply.TO_USER, su.onText("Verification code: "));
    }

    /** With somebody to ask, it is asked when nothing more comes. */
    @Test
    void shouldNoticeThatDoasWantsMoreThanThePassword() {
        DoasDialogue doas = new DoasDialogue("ann", "root", Secret.of("x"), false);
        assertEquals(Reply.NOTHING, doas.onText("Verification code: "));
        doas.onText("doas (ann@here) password: ");
        assertEquals(Reply.NOTHING, doas.onText("doas: "));
        assertEquals(Reply.TO_USER, doas.onText("Verification code: "));

        DoasDialogue asking = new DoasDialogue("ann", "root", Secret.of("x"), true);
        asking.onText("doas (ann@here) password: ");
        assertEquals(Reply.NOTHING, asking.onText("Verification code: "));
    }

    @Test
    void shouldAskTheUserForThePasswordThatNobodyGave() {
        assertEquals(
                new Reply.ToUser("[sudo] password for ann: "),
                new SudoDialogue("n", "root", null, true, false).onText(QUESTION));
        assertEquals(new Reply.ToUser("Password: "), new SuDialogue("root", null, true).onText("Password: "));
        assertEquals(
                new Reply.ToUser("doas (ann@here) password: "),
                new DoasDialogue("ann", "root", null, true).onText("\rdoas (ann@here) password: "));
    }

    @Test
    void shouldNotGiveTheOldPasswordToSetANewOne() {
        Reply reply =
                sudo(Secret.of("x")).onLine("sudo: Account or password is expired, reset your password and try again");
        assertEquals(Reason.ACCOUNT_REFUSED, ((Reply.Failure) reply).reason());

        SuDialogue su = new SuDialogue("root", Secret.of("x"), true);
        su.onText("Password: ");
        su.onLine("You are required to change your password immediately (administrator enforced).");
        assertEquals(Reason.ACCOUNT_REFUSED, ((Reply.Failure) su.onText("Current password: ")).reason());

        DoasDialogue doas = new DoasDialogue("ann", "root", Secret.of("x"), false);
        doas.onText("doas (ann@here) password: ");
        doas.onLine("You are required to change your password immediately (administrator enforced).");
        assertEquals(Reason.ACCOUNT_REFUSED, ((Reply.Failure) doas.onText("Current password: ")).reason());
    }

    @Test
    void shouldCutTheCommandOutOfTheRefusal() {
        Reply reply = sudo(null).onLine("Sorry, user ann is not allowed to execute '/bin/sh -c set");

        assertEquals(
                new Reply.Failure(
                        Reason.NOT_ALLOWED,
                        "sudo is not allowed to become root: Sorry, user ann is not allowed to execute this command"),
                reply);
    }

    @Test
    void shouldRefuseAccountsThatLookLikeOptions() {
        assertThrows(IllegalArgumentException.class, () -> Sudo.to("-s"));
        assertThrows(IllegalArgumentException.class, () -> Su.to("-"));
        assertThrows(IllegalArgumentException.class, () -> Doas.to("-C"));
    }

    private static SudoDialogue sudo(Secret password) {
        return new SudoDialogue("n", "root", password, false, true);
    }
}
