// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Secret;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.Ending;
import io.mitogen.parent.MethodOptions;
import io.mitogen.parent.Question;
import io.mitogen.parent.QuestionHandler;
import io.mitogen.parent.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is answered what, and how often. */
class SshDialogueTest {
    private static final Secret PASSWORD = Secret.of("the password");
    private static final Secret PASSPHRASE = Secret.of("the passphrase");
    private static final QuestionHandler HANDLER = question -> null;
    private static final String PASSWORD_QUESTION = "ops@web1's password: ";
    private static final String INTERACTIVE = "(ops@web1) Password: ";
    private static final String HOST_KEY = "The authenticity of host 'web1 (192.0.2.7)' can't be established.\n"
            + "ED25519 key fingerprint is SHA256:abc.\n"
            + "Are you sure you want to continue connecting (yes/no/[fingerprint])? ";

    private static SshDialogue dialogue(Ssh ssh) {
        return new SshDialogue(MethodOptions.fromKwargs(ssh.options()));
    }

    private static SshDialogue withHandler(Ssh ssh) {
        return new SshDialogue(MethodOptions.fromKwargs(ssh.options()).withQuestionHandler(HANDLER));
    }

    private static Reply ask(SshDialogue dialogue, String text) {
        return dialogue.onQuestion(new Question(text, "Ssh web1", Question.Kind.TEXT, true));
    }

    private static Reply askFromJumpHost(SshDialogue dialogue, String text) {
        return dialogue.onQuestion(new Question(text, "Ssh web1", Question.Kind.TEXT, false));
    }

    private static void assertFailure(Reason reason, String told, Reply reply) {
        Reply.Failure failure = assertInstanceOf(Reply.Failure.class, reply);
        assertEquals(reason, failure.reason(), failure.text());
        assertTrue(failure.text().contains(told), failure.text());
    }

    private final Ssh web = Ssh.to("web1");

    @Test
    void shouldGiveThePasswordOnceWhicheverWayItIsAskedFor() {
        for (String first : List.of(PASSWORD_QUESTION, INTERACTIVE)) {
            for (String second : List.of(PASSWORD_QUESTION, INTERACTIVE)) {
                SshDialogue dialogue = dialogue(web.password(PASSWORD));
                assertEquals(new Reply.Answer(PASSWORD), ask(dialogue, first));
                assertFailure(Reason.PASSWORD_WRONG, "not accepted", ask(dialogue, second));
            }
        }
    }

    @Test
    void shouldGiveNoSecretToAJumpHost() {
        Ssh ssh = web.password(PASSWORD).identity("/k", PASSPHRASE);
        assertFailure(Reason.PASSWORD_REQUIRED, "jump host", askFromJumpHost(dialogue(ssh), PASSWORD_QUESTION));
        assertSame(Reply.TO_USER, askFromJumpHost(withHandler(ssh), PASSWORD_QUESTION));
        assertSame(Reply.TO_USER, askFromJumpHost(withHandler(ssh), "Enter passphrase for key '/k': "));
        assertSame(Reply.DECLINED, askFromJumpHost(dialogue(ssh), "Enter passphrase for key '/k': "));
        assertFailure(Reason.HOST_KEY_UNKNOWN, "jump host", askFromJumpHost(dialogue(ssh), HOST_KEY));
    }

    @Test
    void shouldAnswerNothingThatIsPrinted() {
        SshDialogue dialogue = dialogue(web.password(PASSWORD).identity("/k", PASSPHRASE));
        for (String text :
                List.of(PASSWORD_QUESTION, INTERACTIVE, "Password: ", "Enter passphrase for key '/k': ", HOST_KEY)) {
            assertSame(Reply.NOTHING, dialogue.onText(text));
            assertSame(Reply.NOTHING, dialogue.onLine(text));
        }
    }

    @Test
    void shouldAskTheUserWhatItDoesNotKnow() {
        SshDialogue dialogue = withHandler(web);
        for (String text : List.of(
                PASSWORD_QUESTION,
                HOST_KEY,
                "(ops@web1) Verification code: ",
                "(ops@web1) New password: ",
                "Enter passphrase for key '/k': ")) {
            assertSame(Reply.TO_USER, ask(dialogue, text), text);
        }
    }

    @Test
    void shouldGiveUpWhenTheUsersAnswerIsNoAnswerToAHostKey() {
        SshDialogue dialogue = withHandler(web);
        assertSame(Reply.TO_USER, ask(dialogue, HOST_KEY));
        assertFailure(
                Reason.HOST_KEY_UNKNOWN,
                "neither yes nor no",
                ask(dialogue, "Please type 'yes', 'no' or the fingerprint: "));
    }

    @Test
    void shouldSayAtOnceWhatNobodyCanAnswer() {
        assertFailure(Reason.PASSWORD_REQUIRED, "Ssh.password", ask(dialogue(web), PASSWORD_QUESTION));
        assertFailure(Reason.HOST_KEY_UNKNOWN, "SHA256:abc", ask(dialogue(web), HOST_KEY));
        assertFailure(Reason.ACCOUNT_REFUSED, "expired", ask(dialogue(web), "(ops@web1) New password: "));
        assertSame(Reply.TO_USER, ask(dialogue(web), "(ops@web1) Verification code: "));
    }

    @Test
    void shouldGiveThePassphraseToTheChosenKeyOnly() {
        SshDialogue dialogue = dialogue(web.identity("/k", PASSPHRASE));
        assertSame(Reply.DECLINED, ask(dialogue, "Enter passphrase for key '/k2': "));
        assertEquals(new Reply.Answer(PASSPHRASE), ask(dialogue, "Enter passphrase for key '/k': "));
        assertFailure(Reason.PASSPHRASE_WRONG, "/k", ask(dialogue, "Enter passphrase for key '/k': "));
    }

    @Test
    void shouldKnowTheChosenKeyAsSshPrintsIt() {
        assertEquals(System.getProperty("user.home") + "/.ssh/id", SshDialogue.printed("~/.ssh/id"));
        String path = "/" + "x".repeat(150);
        assertEquals(path.substring(0, 100), SshDialogue.printed(path));
        assertEquals("/" + "x".repeat(98) + "\ufffd", SshDialogue.printed("/" + "x".repeat(98) + "\u00fc"));
    }

    @Test
    void shouldSayThatAPassphraseWasMissingWhenNothingElseLetsItIn() {
        SshDialogue dialogue = dialogue(web.identity("/k"));
        assertSame(Reply.DECLINED, ask(dialogue, "Enter passphrase for key '/k': "));
        assertFailure(Reason.PASSPHRASE_REQUIRED, "/k", ask(dialogue, PASSWORD_QUESTION));
        Ending ending = new Ending(List.of("ops@web1: Permission denied (publickey)."), 255, false);
        assertFailure(Reason.PASSPHRASE_REQUIRED, "/k", dialogue.onEnd(ending));
    }

    @Test
    void shouldSayWhatIsWrongWithAKeyWhenAPasswordIsAskedForInstead() {
        SshDialogue dialogue = dialogue(web.identity("/k"));
        dialogue.onLine("Permissions 0644 for '/k' are too open.");
        dialogue.onLine("Load key \"/k\": bad permissions");
        assertFailure(Reason.KEY_REFUSED, "chmod 600 /k", ask(dialogue, PASSWORD_QUESTION));
    }

    @Test
    void shouldSayThatTheAccountHasExpiredWhenThePasswordIsAskedForAgain() {
        SshDialogue dialogue = dialogue(web.password(PASSWORD));
        dialogue.onLine("Your account has expired, says the banner");
        ask(dialogue, INTERACTIVE);
        dialogue.onLine("Your account has expired; please contact your system administrator.");
        assertFailure(Reason.ACCOUNT_REFUSED, "please contact", ask(dialogue, PASSWORD_QUESTION));
    }

    @Test
    void shouldPassNoticesOn() {
        Question notice = new Question("Confirm user presence for key", "Ssh web1", Question.Kind.NOTICE, true);
        assertSame(Reply.TO_USER, dialogue(web).onQuestion(notice));
    }

    @Test
    void shouldAnswerThePasswordQuestionThatNamesTheAccount() {
        for (String question :
                List.of("Password for ops@web1:", "(ops@web1) Password for ops@web1: ", "password for ops:")) {
            assertEquals(new Reply.Answer(PASSWORD), ask(dialogue(web.password(PASSWORD)), question), question);
        }
    }

    @Test
    void shouldSayThatThePasswordWasHeldBackFromAQuestionThatNobodyAnswers() {
        Ssh ssh = web.password(PASSWORD);
        assertFailure(Reason.QUESTION_UNANSWERED, "held back", ask(dialogue(ssh), "Passcode or option (1-2): "));
        assertSame(Reply.TO_USER, ask(withHandler(ssh), "Passcode or option (1-2): "));
        assertSame(Reply.TO_USER, ask(dialogue(web), "Passcode or option (1-2): "));
    }

    @Test
    void shouldAskTheUserForASecondSecretThatIsWantedInTheSameWords() {
        SshDialogue dialogue = withHandler(web.password(PASSWORD));
        assertEquals(new Reply.Answer(PASSWORD), ask(dialogue, INTERACTIVE));
        assertSame(Reply.TO_USER, ask(dialogue, INTERACTIVE));
    }

    @Test
    void shouldDeclineWhatSshCanDoWithout() {
        Question question =
                new Question("Add key /home/ops/.ssh/id (ops@web1) to agent?", "Ssh web1", Question.Kind.CONFIRM, true);
        assertSame(Reply.DECLINED, dialogue(web.password(PASSWORD)).onQuestion(question));
        assertSame(Reply.TO_USER, withHandler(web).onQuestion(question));
    }

    @Test
    void shouldGoOnWithoutATokenWhosePinNobodyKnows() {
        for (String question : List.of("Enter PIN for ED25519-SK key /k: ", "Enter PIN for 'YubiKey PIV #1': ")) {
            SshDialogue dialogue = dialogue(web.password(PASSWORD));
            assertSame(Reply.DECLINED, ask(dialogue, question));
            assertEquals(new Reply.Answer(PASSWORD), ask(dialogue, PASSWORD_QUESTION));
            assertSame(Reply.TO_USER, ask(withHandler(web.password(PASSWORD)), question));
            dialogue = dialogue(web);
            assertSame(Reply.DECLINED, ask(dialogue, question));
            assertFailure(Reason.PASSPHRASE_REQUIRED, "PIN", ask(dialogue, PASSWORD_QUESTION));
        }
    }

    @Test
    void shouldSayThatASharedConnectionIsFullWhateverTheOwnOneAsks() {
        String full = "mux_client_request_session: session request failed: Session open refused by peer";
        for (String question : List.of(PASSWORD_QUESTION, HOST_KEY, "(ops@web1) Verification code: ")) {
            SshDialogue dialogue = dialogue(web);
            assertSame(Reply.NOTHING, dialogue.onLine(full));
            assertFailure(Reason.SESSION_REFUSED, "MaxSessions", ask(dialogue, question));
        }
    }
}
