// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.parent.ConnectException.Reason;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConversationTest {
    private static final String MARK = "mark-1";
    private static final long A_SECOND_NS = 1_000_000_000;
    private static final int OWN_PID = 40;

    private final BrokerDriver driver = new BrokerDriver(new RecordingSink());
    private final RecordedOwner owner = new RecordedOwner();
    private final List<AnswerPipe> pipes = new ArrayList<>();
    private Conversation conversation;
    private Conversation.Ear ear;
    private int forgotten;
    private QuestionHandler handler;
    private boolean noThreads;

    @AfterEach
    void closePipes() {
        pipes.forEach(AnswerPipe::close);
        driver.end(null);
    }

    @Test
    void shouldTypeTheAnswerOfTheDialogueOnce() throws IOException {
        listenTo(answering("code: ", "1234"), Launch.Answers.STANDARD_INPUT);

        ear.onText("code");
        assertEquals(0, forgotten);
        ear.onText("code: ");

        assertEquals(1, forgotten);
        assertEquals(List.of("1234\n"), owner.typed);
        assertEquals("", conversation.pending(), "it waits for no answer any more");
    }

    @Test
    void shouldFailAsTheDialogueSays() throws IOException {
        Dialogue dialogue = new Dialogue() {
            @Override
            public Reply onLine(String line) {
                return new Reply.Failure(Reason.NOT_ALLOWED, "heard " + line);
            }
        };

        listenTo(dialogue, Launch.Answers.STANDARD_INPUT);
        ear.onLine("no");

        assertEquals(List.of("NOT_ALLOWED heard no"), owner.failures);
    }

    @Test
    void shouldAskTheUserAboutTextThatWaits() throws IOException {
        List<Question> asked = new ArrayList<>();
        handler = question -> {
            asked.add(question);
            return Secret.of("77");
        };
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);

        ear.onText("Verif");
        driver.settle();
        ear.onText("Verification code: ");
        assertEquals(List.of(), asked);
        letTimePass();

        assertEquals(List.of(new Question("Verification code: ", "Fake", Question.Kind.TEXT, true)), asked);
        assertEquals(List.of("77\n"), owner.typed);
        assertEquals(1, forgotten, "what the program says of the answer is a line of its own");
    }

    @Test
    void shouldTakeTextForAQuestionOnlyWhenNothingMoreComes() throws IOException {
        listenTo(asking("sh: 1: exec: "), Launch.Answers.STANDARD_INPUT);

        ear.onText("sh: 1: exec: "); // half of a complaint, as dash writes it
        driver.clock().advanceNs(A_SECOND_NS);
        driver.settle();
        ear.onLine("sh: 1: exec: no-sudo: not found");
        letTimePass();

        assertEquals(List.of(), owner.failures);
        assertEquals(0, forgotten);
    }

    @Test
    void shouldFailWhenNobodyAnswersWhatLooksLikeAQuestion() throws IOException {
        listenTo(asking("Code: "), Launch.Answers.STANDARD_INPUT);

        ear.onText("Code: ");
        assertEquals(List.of(), owner.failures);
        letTimePass();

        assertEquals(1, owner.failures.size());
        assertTrue(owner.failures.get(0).startsWith("QUESTION_UNANSWERED it asks \"Code: \""), owner.failures.get(0));
    }

    @Test
    void shouldTypeTheAnswerToWhatLooksLikeAQuestionAndForgetIt() throws IOException {
        handler = question -> Secret.of("77");
        listenTo(asking("Code: "), Launch.Answers.STANDARD_INPUT);

        ear.onText("Code: ");
        letTimePass();

        assertEquals(List.of("77\n"), owner.typed);
        assertEquals(1, forgotten);
        assertEquals("", conversation.pending());
    }

    @ParameterizedTest
    @ValueSource(strings = {"77", ""})
    void shouldTakeTextForNoQuestionWhenMoreComesWhileTheUserIsAsked(String answer) throws IOException {
        handler = question -> {
            ear.onText("sh: 1: exec: no-su"); // the other half of the complaint, late
            return answer.isEmpty() ? null : Secret.of(answer);
        };
        listenTo(asking("sh: 1: exec: "), Launch.Answers.STANDARD_INPUT);

        ear.onText("sh: 1: exec: ");
        letTimePass();

        assertEquals(List.of(), owner.typed);
        assertEquals(List.of(), owner.failures);
        assertEquals(0, forgotten, "the line is whole");
    }

    @Test
    void shouldFailWhenTheUserDoesNotAnswerWhatLooksLikeAQuestion() throws IOException {
        handler = question -> null;
        listenTo(asking("Code: "), Launch.Answers.STANDARD_INPUT);

        ear.onText("Code: ");
        letTimePass();

        assertEquals(
                List.of("QUESTION_UNANSWERED it asks \"Code: \", and the question handler gave no answer"),
                owner.failures);
    }

    @Test
    void shouldNotTakeWhatComesOnAnotherStreamForTheRestOfAQuestion() throws IOException {
        handler = question -> Secret.of("77");
        listenTo(asking("Code: "), Launch.Answers.STANDARD_INPUT);
        Conversation.Ear other = conversation.listen(() -> {});

        ear.onText("Code: ");
        other.onLine("Your last login was from here");
        letTimePass();

        assertEquals(List.of("77\n"), owner.typed);
    }

    @Test
    void shouldNotMixTheLinesOfAnotherStreamIntoTheQuestionOfAHelper() throws IOException {
        List<Question> asked = new ArrayList<>();
        handler = question -> {
            asked.add(question);
            return null;
        };
        listenTo(Dialogue.SILENT, Launch.Answers.HELPER);
        Conversation.Ear other = conversation.listen(() -> {});

        ear.onLine(MARK + " 13 40 ");
        assertFalse(other.onLine("Welcome"));
        ear.onLine("Code: ");
        ear.onLine(MARK + ".");
        driver.settle();

        assertEquals("Code: ", asked.get(0).text());
    }

    @Test
    void shouldNotTakeALineForAQuestion() throws IOException {
        handler = question -> Secret.of("never");
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);

        ear.onText("Welcome");
        assertFalse(ear.onLine("Welcome to this host"));
        letTimePass();

        assertEquals(List.of(), owner.typed);
        assertEquals("", conversation.pending());
    }

    @Test
    void shouldKeepTheTextThatWaitsForTheErrorWhenNobodyCanAnswer() throws IOException {
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);

        ear.onText("Verification code: ");
        letTimePass();

        assertEquals("Verification code: ", conversation.pending());
        assertEquals(List.of(), owner.failures);
    }

    @Test
    void shouldNameTheQuestionOnStandardErrorBeforeTheNoiseOfAProfile() throws IOException {
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);
        Conversation.Ear standardError = conversation.listen(() -> {});

        standardError.onText("Verification code: ");
        ear.onText("Welcome");

        assertEquals("Verification code: ", conversation.pending());
    }

    @Test
    void shouldHearTheQuestionOfAHelperWhole() throws IOException {
        List<Question> asked = new ArrayList<>();
        listenTo(
                new Dialogue() {
                    @Override
                    public Reply onQuestion(Question question) {
                        asked.add(question);
                        return new Reply.Answer(Secret.of("se=cret "));
                    }
                },
                Launch.Answers.STANDARD_INPUT);

        assertTrue(ear.onLine(MARK + " 12 " + OWN_PID + " confirm"));
        assertTrue(ear.onLine("The key is"));
        ear.onText("password: ");
        assertTrue(ear.onLine("unknown. Go on?"));
        assertTrue(ear.onLine(MARK + "."));

        assertEquals(List.of(new Question("The key is\nunknown. Go on?", "Fake", Question.Kind.CONFIRM, true)), asked);
        assertEquals("12=se=cret ", nextAnswer());
        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldTellWhoseHelperAsks() throws IOException {
        List<Question> asked = new ArrayList<>();
        handler = question -> {
            asked.add(question);
            return null;
        };
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);

        ask("13 41 ", "jump's password: ");

        assertFalse(asked.get(0).fromCommand());
        assertEquals("13-", nextAnswer());
    }

    @Test
    void shouldFailWhenAHelperAsksWhatNobodyAnswers() throws IOException {
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);
        ask("13 41 ", "One-time code: ");

        assertEquals(1, owner.failures.size());
        assertTrue(owner.failures.get(0).startsWith("QUESTION_UNANSWERED"), owner.failures.toString());
        assertTrue(owner.failures.get(0).contains("One-time code: "), owner.failures.toString());
    }

    @Test
    void shouldNotFailForANoticeThatNeedsNoAnswer() throws IOException {
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);
        ask("13 41 none", "Touch the key");

        assertEquals(List.of(), owner.failures);
    }

    @Test
    void shouldFailWhenTheHandlerDoes() throws IOException {
        handler = question -> {
            throw new IllegalStateException("no phone here");
        };

        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);
        ask("13 40 ", "Code: ");

        assertTrue(owner.failures.toString().contains("no phone here"), owner.failures.toString());
    }

    @Test
    void shouldRefuseAnAnswerOfTwoLines() throws IOException {
        handler = question -> Secret.of("yes\nrm -rf");

        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);
        ask("13 40 ", "Code: ");

        assertTrue(owner.failures.toString().contains("line end"), owner.failures.toString());
        assertFalse(owner.failures.toString().contains("rm -rf"), owner.failures.toString());
    }

    @Test
    void shouldGiveNoAnswerWhenTheAttemptIsOver() throws IOException {
        handler = question -> {
            conversation.close(); // while the user thinks
            return Secret.of("late");
        };
        listenTo(Dialogue.SILENT, Launch.Answers.STANDARD_INPUT);

        ear.onText("Code: ");
        letTimePass();

        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldHearNothingWhenClosed() throws IOException {
        listenTo(answering("code: ", "1234"), Launch.Answers.STANDARD_INPUT);

        conversation.close();

        ear.onText("code: ");
        assertFalse(ear.onLine(MARK + " 12 40 "));
        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldTypeOnTheTerminalWhereThereIsOne() throws IOException {
        listenTo(answering("code: ", "1234"), Launch.Answers.TERMINAL);
        ear.onText("code: ");

        assertEquals("1234", nextAnswer());
        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldTakeNothingForAQuestionThatAHelperDoesNotAsk() throws IOException {
        List<Question> asked = new ArrayList<>();
        handler = question -> {
            asked.add(question);
            return Secret.of("never");
        };
        listenTo(Dialogue.SILENT, Launch.Answers.HELPER);

        ear.onText("Password: ");
        letTimePass();

        assertEquals(List.of(), asked);
        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldSendAHelperAwayWhenTheDialogueDeclines() throws IOException {
        listenTo(
                new Dialogue() {
                    @Override
                    public Reply onQuestion(Question question) {
                        return Reply.DECLINED;
                    }
                },
                Launch.Answers.HELPER);

        ask("13 40 ", "Enter passphrase for key '/k': ");

        assertEquals(List.of(), owner.failures);
        assertEquals("13-", nextAnswer());
    }

    @Test
    void shouldLetATerminalTakeControlCharacters() throws IOException {
        listenTo(answering("code: ", "a\u0003b\u007f"), Launch.Answers.TERMINAL);
        ear.onText("code: ");

        assertEquals("a\u0016\u0003b\u0016\u007f", nextAnswer());
    }

    @Test
    void shouldOfferNothingToTheUserThatTheDialogueDeclines() throws IOException {
        handler = question -> Secret.of("never");
        Dialogue declining = new Dialogue() {
            @Override
            public Reply onText(String text) {
                return Reply.DECLINED;
            }
        };

        listenTo(declining, Launch.Answers.STANDARD_INPUT);
        ear.onText("Password: ");
        letTimePass();

        assertEquals(List.of(), owner.typed);
    }

    @Test
    void shouldFailWhenNoThreadCanAskTheUser() throws IOException {
        handler = question -> Secret.of("never");
        noThreads = true;

        listenTo(Dialogue.SILENT, Launch.Answers.HELPER);
        ask("13 40 ", "Code: ");

        assertTrue(owner.failures.toString().contains("OUT_OF_PROCESSES"), owner.failures.toString());
    }

    @Test
    void shouldSayWhatAHandlerThrowsWhateverItIs() throws IOException {
        handler = question -> {
            throw new AssertionError("not this one");
        };

        listenTo(Dialogue.SILENT, Launch.Answers.HELPER);
        ask("13 40 ", "Code: ");

        assertTrue(owner.failures.toString().contains("not this one"), owner.failures.toString());
    }

    @Test
    void shouldTakeNothingForAHelperThatDoesNotSpeakAsOne() throws IOException {
        listenTo(Dialogue.SILENT, Launch.Answers.HELPER);

        ear.onLine(MARK + ".");
        ear.onLine(MARK + " 13");
        ear.onLine(MARK + ".");

        assertEquals(List.of(), owner.failures);
    }

    private void ask(String head, String text) {
        ear.onLine(MARK + " " + head);
        ear.onLine(text);
        ear.onLine(MARK + ".");
        driver.settle();
    }

    private void letTimePass() {
        driver.settle();
        driver.clock().advanceNs(3 * A_SECOND_NS);
        driver.settle();
    }

    private String nextAnswer() throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new FileReader(pipes.get(0).path(), StandardCharsets.UTF_8))) {
            return reader.readLine();
        }
    }

    private static Dialogue asking(String prompt) {
        return new Dialogue() {
            @Override
            public Reply onText(String text) {
                return text.equals(prompt) ? Reply.TO_USER : Reply.NOTHING;
            }
        };
    }

    private static Dialogue answering(String prompt, String answer) {
        return new Dialogue() {
            @Override
            public Reply onText(String text) {
                return text.equals(prompt) ? new Reply.Answer(Secret.of(answer)) : Reply.NOTHING;
            }
        };
    }

    private void listenTo(Dialogue dialogue, Launch.Answers answers) throws IOException {
        AnswerPipe pipe = new AnswerPipe();
        pipes.add(pipe);
        conversation = new Conversation(owner, new Launch(List.of("fake"), Map.of(), dialogue, answers), MARK, pipe);
        ear = conversation.listen(() -> forgotten++);
    }

    private final class RecordedOwner implements Conversation.Owner {
        private final List<String> typed = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        @Override
        public Broker broker() {
            return driver.broker();
        }

        @Override
        public long pid() {
            return OWN_PID;
        }

        @Override
        public String target() {
            return "Fake";
        }

        @Override
        public QuestionHandler handler() {
            return handler;
        }

        @Override
        public Executor callbacks() {
            return noThreads
                    ? work -> {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    : Runnable::run;
        }

        @Override
        public void type(byte[] line) {
            typed.add(new String(line, StandardCharsets.UTF_8));
        }

        @Override
        public void fail(Reason reason, String text) {
            failures.add(reason + " " + text);
        }
    }
}
