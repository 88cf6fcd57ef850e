// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.pickle.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * An attempt's talk with what it started: takes apart what is heard, has the dialogue or the user decide, and delivers the
 * answers, until it is closed. Inside turns, once the command was started; until then on the launch thread.
 */
@BrokerThread
final class Conversation implements AutoCloseable {
    private static final long QUIET_NS = 300_000_000; // text that waits that long is likely to be a question

    /** What nobody can answer is given longer to turn out to be half of a complaint: to give up late does less harm. */
    private static final long QUIET_UNANSWERED_NS = 2_000_000_000;

    /** Lets a terminal pass the next character on, whatever it is. */
    private static final char LITERAL_NEXT = 'V' - '@';

    private static final Launch NOTHING = new Launch(List.of("true"));

    private final Owner attempt;
    private Launch launch; // with what the dialogue knows of secrets
    private final String mark;
    private final @Nullable AnswerPipe answers;
    private final List<Secret> given = new ArrayList<>();
    private final List<Ear> ears = new ArrayList<>();
    private boolean closed;

    /** The attempt that a conversation is part of. */
    interface Owner {
        Broker broker();

        long pid();

        String target();

        @Nullable
        QuestionHandler handler();

        /** Returns where a handler may take its time. */
        Executor callbacks();

        void type(byte[] line);

        void fail(ConnectException.Reason reason, String text);
    }

    Conversation(Owner attempt, Launch launch, String mark, @Nullable AnswerPipe answers) {
        this.attempt = attempt;
        this.launch = launch;
        this.mark = mark;
        this.answers = answers;
    }

    /** Returns what to add to the text of a failure if the command may be too long. */
    String aboutLength(ConnectException.Reason reason, boolean commandRan) {
        return LongCommand.remark(launch, reason, commandRan);
    }

    /** The command was started. */
    void onStarted(ProcessHandle process) {
        launch.dialogue().onStarted(process);
    }

    /**
     * Returns what listens to one more stream; {@code forget} makes that stream begin anew after the text that came last, and runs
     * when the text is dealt with.
     */
    Ear listen(Runnable forget) {
        Ear ear = new Ear(forget);
        ears.add(ear);
        return ear;
    }

    /** One stream of those on which the command speaks: what comes on another does not end a question on this one. */
    final class Ear {
        private final Runnable forget;
        private @Nullable List<String> asking; // a helper's question that is being heard, its head first
        private String pending = ""; // text without a line end
        private @Nullable Timer quiet;

        private Ear(Runnable forget) {
            this.forget = forget;
        }

        /** Takes a line; returns whether it is part of the talk, and nothing for the user to read. */
        boolean onLine(String line) {
            settle();
            if (closed) {
                return false;
            }
            if (answers != null && line.startsWith(mark + " ")) {
                asking = new ArrayList<>(List.of(line));
                return true;
            }
            if (asking != null) {
                if (line.equals(mark + ".")) {
                    List<String> said = asking;
                    asking = null;
                    onHelper(said);
                } else {
                    asking.add(line);
                }
                return true;
            }
            obey(launch.dialogue().onLine(line), line);
            return false;
        }

        /** Takes text without a line end, as far as it came. */
        void onText(String text) {
            settle();
            if (closed || asking != null) {
                return;
            }
            pending = text;
            QuestionHandler handler = attempt.handler();
            Reply reply = launch.dialogue().onText(text);
            if (reply == Reply.TO_USER) {
                quiet = attempt.broker().after(handler == null ? QUIET_UNANSWERED_NS : QUIET_NS, () -> onQuiet(true));
            } else if (obey(reply, text)) {
                forget.run();
                pending = reply instanceof Reply.Answer ? "" : pending;
            } else if (reply != Reply.DECLINED && handler != null && launch.answers() != Launch.Answers.HELPER) {
                quiet = attempt.broker().after(QUIET_NS, () -> onQuiet(false));
            }
        }

        private void settle() {
            pending = "";
            if (quiet != null) {
                quiet.cancel();
                quiet = null;
            }
        }

        /** Nothing more has come. If it was no question after all, it goes on, and no answer is typed. */
        private void onQuiet(boolean looksLikeOne) {
            String text = pending;
            askUser(new Question(text, attempt.target(), Question.Kind.TEXT, true), answer -> {
                if (!text.equals(pending)) {
                    return;
                }
                if (answer != null) {
                    settle();
                    forget.run();
                    typeAnswer(answer);
                } else if (looksLikeOne) {
                    failUnanswered(text);
                }
            });
        }
    }

    /** A helper has said its question: see {@link AskPass}. */
    private void onHelper(List<String> said) {
        String[] head = said.get(0).split(" ", -1); // mark, helper, its parent, kind
        if (head.length < 4) {
            return; // no helper speaks like this
        }
        Question.Kind kind =
                switch (head[3]) {
                    case "confirm" -> Question.Kind.CONFIRM;
                    case "none" -> Question.Kind.NOTICE;
                    default -> Question.Kind.TEXT;
                };
        String text = String.join("\n", said.subList(1, said.size()));
        Question question = new Question(text, attempt.target(), kind, head[2].equals(Long.toString(attempt.pid())));
        String helper = head[1];
        Reply reply = launch.dialogue().onQuestion(question);
        if (reply instanceof Reply.Answer answer) {
            answerHelper(helper, answer.text());
        } else if (reply == Reply.DECLINED) {
            answerHelper(helper, null);
        } else if (reply instanceof Reply.Failure failure) {
            attempt.fail(failure.reason(), failure.text());
        } else {
            askUser(question, answer -> {
                if (kind != Question.Kind.NOTICE) {
                    answerHelper(helper, answer);
                }
            });
        }
    }

    private void answerHelper(String helper, @Nullable Secret answer) {
        remember(answer);
        deliver(answer == null ? helper + "-" : helper + "=" + answer.reveal());
    }

    /** Does what the dialogue decided; returns whether it decided anything. */
    private boolean obey(Reply reply, String heard) {
        if (reply instanceof Reply.Answer answer) {
            typeAnswer(answer.text());
        } else if (reply instanceof Reply.Failure failure) {
            attempt.fail(failure.reason(), failure.text());
        } else if (reply instanceof Reply.ToUser toUser) {
            askUser(toUser.question() == null ? heard : toUser.question());
        } else {
            return false;
        }
        return true;
    }

    private void askUser(String text) {
        Question question = new Question(text, attempt.target(), Question.Kind.TEXT, true);
        askUser(question, answer -> {
            if (answer == null) {
                failUnanswered(text);
            } else {
                typeAnswer(answer);
            }
        });
    }

    private void failUnanswered(String text) {
        attempt.fail(
                ConnectException.Reason.QUESTION_UNANSWERED,
                "it asks \"" + text + "\", and the question handler gave no answer");
    }

    private void typeAnswer(Secret answer) {
        remember(answer);
        if (launch.answers() == Launch.Answers.HELPER) {
            throw new IllegalStateException("what it prints is never answered");
        } else if (launch.answers() == Launch.Answers.STANDARD_INPUT) {
            attempt.type((answer.reveal() + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            deliver(typed(answer.reveal()));
        }
    }

    /** Returns what must be typed on a terminal for a text to arrive. */
    private static String typed(String text) {
        StringBuilder typed = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (Character.isISOControl(c)) {
                typed.append(LITERAL_NEXT);
            }
            typed.append(c);
        }
        return typed.toString();
    }

    private void remember(@Nullable Secret answer) {
        if (answer != null && !answer.reveal().isEmpty()) {
            given.add(answer);
        }
    }

    /** Returns what was heard, or is to be said of it, without the answers that a program may have echoed. */
    String withoutAnswers(String text) {
        String rest = text;
        for (Secret answer : given) {
            rest = rest.replace(answer.reveal(), answer.toString());
        }
        return rest;
    }

    private void deliver(String line) {
        try {
            answers.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            attempt.fail(ConnectException.Reason.EXITED, "an answer could not be delivered: " + e.getMessage());
        }
    }

    /** Has the user answer; {@code then} runs in a turn, with null for no answer, if there still is an attempt. */
    private void askUser(Question question, Consumer<Secret> then) {
        QuestionHandler handler = attempt.handler();
        if (handler == null) {
            refuse(question);
            return;
        }
        try {
            attempt.callbacks().execute(() -> answer(handler, question, then));
        } catch (RuntimeException | Error e) { // no thread can be had
            attempt.fail(ConnectException.Reason.OUT_OF_PROCESSES, "its question could not be passed on: " + e);
        }
    }

    /** On a callback thread. */
    private void answer(QuestionHandler handler, Question question, Consumer<Secret> then) {
        Secret answer;
        try {
            answer = handler.answer(question);
        } catch (RuntimeException | Error e) {
            answered(() -> attempt.fail(
                    ConnectException.Reason.QUESTION_UNANSWERED,
                    "the question handler failed at \"" + question.text() + "\": " + e));
            return;
        }
        if (answer != null && hasLineEnd(answer)) {
            answered(
                    () -> attempt.fail(ConnectException.Reason.QUESTION_UNANSWERED, "the answer given has a line end"));
        } else {
            answered(() -> then.accept(answer));
        }
    }

    private void answered(Runnable next) {
        attempt.broker().tryDefer(() -> {
            if (!closed) {
                next.run();
            }
        });
    }

    private void refuse(Question question) {
        if (question.kind() != Question.Kind.NOTICE) {
            attempt.fail(
                    ConnectException.Reason.QUESTION_UNANSWERED,
                    "it asks \"" + question.text()
                            + "\", and nobody was given to answer: see the method's questions(...)");
        }
    }

    private static boolean hasLineEnd(Secret answer) {
        return answer.reveal().indexOf('\n') >= 0 || answer.reveal().indexOf('\r') >= 0;
    }

    /**
     * Returns text that no line end followed, perhaps a question that waits; empty for none. If several streams have some, that of
     * the last: of standard error, where tools ask.
     */
    String pending() {
        String found = "";
        for (Ear ear : ears) {
            found = ear.pending.isEmpty() ? found : ear.pending;
        }
        return found;
    }

    /** Asks the dialogue why the process ended. */
    @Nullable
    Reply.Failure explain(Ending ending) {
        return launch.dialogue().onEnd(ending);
    }

    /** Asks the dialogue whether the same may be tried again. */
    boolean mayTryAgain(Ending ending) {
        return given.isEmpty() && launch.dialogue().mayTryAgain(ending);
    }

    /** Keeps nothing that was given for this talk. */
    void forget() {
        close();
        launch = NOTHING;
        given.clear();
    }

    @Override
    public void close() {
        closed = true;
        ears.forEach(Ear::settle);
        if (answers != null) {
            answers.close();
        }
    }
}
