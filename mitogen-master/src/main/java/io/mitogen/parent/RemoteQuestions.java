// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * A question handler whose answers come from the context that asked for the attempt: what stands between a via and the new
 * context asks the user, who is with the master.
 *
 * <p>A question is a dict with the parts of {@link Question} and the handle that waits for the answer, a {@link Secret} or null.
 */
final class RemoteQuestions implements QuestionHandler {
    private final Context requester;
    private final int handle;
    private final Duration patience;
    private @Nullable Receiver waiting; // guarded by this, as the next
    private boolean closed;

    /**
     * Asks through another context.
     *
     * @param handle where {@code requester} takes questions
     * @param patience how long to wait for an answer, in case that none ever comes
     */
    RemoteQuestions(Context requester, int handle, Duration patience) {
        this.requester = requester;
        this.handle = handle;
        this.patience = patience;
    }

    @Override
    @Nullable
    public Secret answer(Question question) {
        try (Receiver answers = requester.receiver()) {
            if (!await(answers)) {
                return null;
            }
            requester.send(
                    handle,
                    Kwargs.copyOf(Map.of(
                            "text", question.text(),
                            "kind", question.kind().name(),
                            "from_command", question.fromCommand(),
                            "answer_to", answers.handle())));
            return (Secret) answers.get(patience);
        } catch (WaitTimeoutException | ChannelException expected) { // the attempt is over by then
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private synchronized boolean await(Receiver answers) {
        waiting = answers;
        return !closed;
    }

    /** The attempt with {@code method} is over: nobody waits for an answer any more. */
    static void endOf(ConnectionMethod method) {
        if (method instanceof LaunchMethod asking && asking.questionHandler() instanceof RemoteQuestions questions) {
            questions.close();
        }
    }

    private void close() {
        Receiver unanswered;
        synchronized (this) {
            closed = true;
            unanswered = waiting;
        }
        if (unanswered != null) {
            unanswered.close();
        }
    }

    /** Questions of one attempt, in the context that asked for it. Inside turns. */
    static final class Desk {
        private static final int WAITING = 4; // programs wait for an answer before they ask again
        private static final int MAX_TEXT_CHARS = 2_000;

        private final Parenthood parenthood;
        private final Context asker;
        private final QuestionHandler handler;
        private final String target;
        private final Executor lane;
        private final int handle;
        private int waiting; // this and below: inside turns
        private boolean closed;

        /**
         * Lets {@code asker} put questions to {@code handler}, one after another. What it says is shown, but is never trusted.
         *
         * @param target what is being connected, which the user knows and {@code asker} cannot change
         */
        Desk(Parenthood parenthood, Context asker, QuestionHandler handler, String target) {
            this.parenthood = parenthood;
            this.asker = asker;
            this.handler = handler;
            this.target = target;
            this.lane = parenthood.contexts().newLane();
            this.handle = parenthood
                    .router()
                    .addHandler(Registration.of(this::onMessage).respondent(asker.id()));
        }

        int handle() {
            return handle;
        }

        /** Answers nothing any more. */
        @BrokerThread
        void close() {
            closed = true;
            parenthood.router().removeHandler(handle);
        }

        private void onMessage(Message message, @Nullable Link from) {
            if (message.isDead() || from == null || closed || waiting == WAITING) {
                return;
            }
            waiting++;
            try {
                lane.execute(() -> answer(message, from));
            } catch (RuntimeException | Error e) { // no thread can be had; the attempt's time ends it
                waiting--;
                from.log().log(Log.ERROR, "unanswered questions", "no thread to ask the user: " + e);
            }
        }

        private void answer(Message message, Link from) {
            Secret answer = null;
            int answerTo = 0;
            try {
                Map<?, ?> fields = (Map<?, ?>) PickleReader.fromBytes(
                        message.body(), parenthood.contexts().globals());
                answerTo = ((Number) fields.get("answer_to")).intValue();
                answer = handler.answer(new Question(
                        Printable.text((String) fields.get("text"), MAX_TEXT_CHARS),
                        target,
                        Question.Kind.valueOf((String) fields.get("kind")),
                        (Boolean) fields.get("from_command")));
            } catch (RuntimeException | Error e) {
                from.log().log(
                        Log.ERROR,
                        "unanswered questions",
                        "a question that came through " + asker.name() + " could not be answered",
                        e);
            }
            Secret given = answer;
            int to = answerTo;
            parenthood.router().broker().tryDefer(() -> {
                waiting--;
                if (!closed && to != 0) { // closed when the asker has gone: that ends the attempt
                    asker.send(to, given);
                }
            });
        }
    }
}
