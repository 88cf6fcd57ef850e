// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

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
            requester.send(
                    handle,
                    Kwargs.copyOf(Map.of(
                            "text", question.text(),
                            "target", question.target(),
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

    /** Lets {@code asker} put questions to {@code handler}, one at a time. Returns where; the handle is the caller's to remove. */
    @BrokerThread
    static int serve(Parenthood parenthood, Context asker, QuestionHandler handler) {
        Executor lane = parenthood.contexts().newLane();
        AtomicBoolean busy = new AtomicBoolean();
        return parenthood
                .router()
                .addHandler(Registration.of((message, from) -> {
                            if (!message.isDead() && busy.compareAndSet(false, true)) {
                                lane.execute(() -> {
                                    try {
                                        answer(parenthood, asker, handler, message);
                                    } finally {
                                        busy.set(false);
                                    }
                                });
                            }
                        })
                        .respondent(asker.id()));
    }

    private static void answer(Parenthood parenthood, Context asker, QuestionHandler handler, Message message) {
        Secret answer = null;
        int answerTo = 0;
        try {
            Map<?, ?> fields = (Map<?, ?>)
                    PickleReader.fromBytes(message.body(), parenthood.contexts().globals());
            answerTo = ((Number) fields.get("answer_to")).intValue();
            answer = handler.answer(new Question(
                    (String) fields.get("text"),
                    (String) fields.get("target"),
                    Question.Kind.valueOf((String) fields.get("kind")),
                    (Boolean) fields.get("from_command")));
        } catch (RuntimeException e) {
            parenthood.log().error("a question that came through " + asker.name() + " could not be answered", e);
        }
        asker.send(answerTo, answer);
    }
}
