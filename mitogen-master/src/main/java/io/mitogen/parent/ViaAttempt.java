// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** An attempt of another JVM, which is asked for it with the method as a value. */
final class ViaAttempt extends RemoteAttempt {
    /*
     * The call of Parenthood.connectFor returns when the other context has begun, with the handle at which it can be told to
     * give up. How the attempt ended comes to a handle of this router that takes one message, of that context only, and is told
     * when that is gone.
     */
    private static final int MAX_LINES = 100;

    private final String methodClass;
    private final @Nullable QuestionHandler questionHandler;
    private volatile @Nullable ConnectionMethod method; // null once it was accepted: it may have secrets
    private @Nullable Kwargs options; // this and all below: inside turns; null once sent, since it may have secrets
    private @Nullable Object giveUpHandle;
    private int handle;
    private @Nullable RemoteQuestions.Desk questions;
    private boolean answered;

    ViaAttempt(Parenthood parenthood, Context via, ConnectionMethod method, ContextOptions common) {
        super(parenthood, via, method, common);
        this.method = method;
        this.methodClass = method.getClass().getName();
        this.options = method.options();
        this.questionHandler = method instanceof LaunchMethod ? ((LaunchMethod) method).questionHandler() : null;
    }

    @Override
    protected void ask() {
        handle = router.addHandler(Registration.reply(this::onMessage, via.id()));
        Context self = parenthood.contexts().get(router.identity().id(), null);
        if (questionHandler != null) {
            questions = new RemoteQuestions.Desk(parenthood, via, questionHandler, hop.method());
        }
        Kwargs sent = options;
        options = null;
        try {
            via.callAsync(
                            Parenthood.class.getName(),
                            "connectFor",
                            self,
                            PickleWriter.unsigned(handle),
                            PickleWriter.unsigned(questions == null ? 0 : questions.handle()),
                            methodClass,
                            sent)
                    .whenComplete(this::onCalled);
        } catch (RuntimeException e) { // an option that may not travel
            onAccepted(null, e);
        }
    }

    private void onCalled(@Nullable Object accepted, @Nullable Throwable failure) {
        ConnectionMethod again = isPythons(failure) ? method : null;
        if (again == null) {
            broker.tryDefer(() -> onAccepted(accepted, failure));
            return;
        }
        router.removeHandler(handle);
        try {
            CompletableFuture<Context> other = parenthood.connectBelowPython(via, again);
            broker.tryDefer(() -> handOver(other));
        } catch (RuntimeException e) { // Python's method lacks what was chosen, or there is no Mitogen for Python here
            broker.tryDefer(() -> fail(ConnectException.Reason.START_REFUSED, e.getMessage()));
        }
    }

    /** Tells whether what was called is a Python context that this one did not start, and therefore took for a JVM. */
    private static boolean isPythons(@Nullable Throwable failure) {
        return failure instanceof CallException refused
                && refused.remoteType().matches("(builtins|exceptions)\\.(ModuleNotFound|Import)Error");
    }

    private void onAccepted(@Nullable Object accepted, @Nullable Throwable failure) {
        giveUpHandle = accepted;
        method = null;
        if (failure instanceof ContextGoneException) {
            onViaGone(failure.getMessage());
        } else if (failure != null) {
            router.removeHandler(handle);
            refuse(failure);
        } else if (isOver()) {
            maybeGiveUp();
        }
    }

    private void onMessage(Message message, @Nullable Link from) {
        answered = true;
        if (message.isDead()) {
            onViaGone(message.deadReason(router.identity().id()));
        } else {
            parenthood.read(() -> onOutcome(message));
        }
    }

    private void onViaGone(String reason) {
        answered = true;
        router.removeHandler(handle);
        failGone(reason);
    }

    /** Reads the outcome, outside of turns. */
    private void onOutcome(Message message) {
        Runnable next;
        try {
            Map<?, ?> fields = (Map<?, ?>)
                    PickleReader.fromBytes(message.body(), parenthood.contexts().globals());
            Object id = fields.get("id");
            if (id == null) {
                ConnectException.Reason reason = ConnectException.Reason.valueOf((String) fields.get("reason"));
                String text = printable((String) fields.get("text"));
                List<String> lines = lines((List<?>) fields.get("lines"));
                next = () -> fail(hop.failure(reason, text, lines));
            } else {
                int contextId = ((Number) id).intValue();
                String told = Objects.requireNonNull((String) fields.get("name"));
                next = () -> onUp(contextId, told);
            }
        } catch (RuntimeException e) {
            next = () -> fail(ConnectException.Reason.BAD_HANDSHAKE, "it gave a senseless answer: " + e);
        }
        broker.tryDefer(next);
    }

    @Override
    protected void onOver() {
        options = null;
        method = null;
        if (questions != null) {
            questions.close();
        }
        maybeGiveUp();
    }

    /** Tells the other context that nobody wants the outcome; when it has not begun yet, as soon as it has. */
    private void maybeGiveUp() {
        if (!answered && giveUpHandle instanceof Number) {
            router.send(Message.empty(via.id(), ((Number) giveUpHandle).intValue(), Handles.NONE));
        }
    }

    private static List<String> lines(List<?> told) {
        List<String> lines = new ArrayList<>();
        for (Object line : told.subList(0, Math.min(MAX_LINES, told.size()))) {
            lines.add(printable((String) line));
        }
        return lines;
    }
}
