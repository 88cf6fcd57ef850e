// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** One CALL_FUNCTION from its arguments to its result. */
final class PendingCall {
    /** How the path to an argument begins, in the tuple that is a call. */
    private static final String ALL_ARGUMENTS = "[4][";

    private static final String KEYWORD_ARGUMENTS = "[5]";

    /** How long to wait for memory before the next try to complete a future. */
    private static final long FULL_HEAP_NS = 10_000_000;

    private PendingCall() {}

    /** Calls and waits. An interrupt ends the wait, not the call. */
    static @Nullable Object await(Context target, @Nullable String chainId, Callee callee, Object[] arguments) {
        String what = describe(target, callee);
        Receiver.refuseInTurn(target.contexts().router(), what);
        target.contexts().checkMayCall(target, what);
        checkResult(callee);
        byte[][] body = pickle(target, chainId, callee, arguments);
        checkNotGone(target, what);
        Stream borrower = null;
        long mark = NoReplyCalls.mark(target);
        try (Receiver receiver = Receiver.forReply(target.contexts(), target, what)) {
            Message call = Message.to(target.id(), Handles.CALL_FUNCTION, receiver.handle(), body);
            borrower = target.contexts().router().sendLent(call, false);
            Object value = receiver.get();
            NoReplyCalls.onAnswer(target, mark);
            return convert(value, callee, what);
        } catch (CallException e) {
            NoReplyCalls.onAnswer(target, mark);
            throw callee.explain(what, e);
        } catch (ContextGoneException e) {
            throw callee.explain(e);
        } catch (ChannelException e) {
            throw e.inAnswerTo(target);
        } catch (InterruptedException e) {
            throw CallInterruptedException.of(what + ", which goes on there");
        } finally {
            if (borrower != null && body.length > 1) { // an answer does not prove that all of the call is written
                borrower.keepLent(body);
            }
        }
    }

    /** Refuses a call whose result cannot arrive. */
    private static void checkResult(Callee callee) {
        String refusal = callee.resultRefusal();
        if (refusal != null) {
            throw new BadTargetException("cannot call " + callee + " for its result: " + refusal);
        }
    }

    /** Refuses a call of a context that has gone. */
    private static void checkNotGone(Context target, String what) {
        String how = howItEnded(target);
        if (how != null) {
            throw ChannelException.gone(what, how);
        }
    }

    /** Returns how and when {@code target} ended, and whether its whole tree is closed; null until it has ended. */
    private static @Nullable String howItEnded(Context target) {
        String how = target.knownEnd();
        String closed = target.contexts().router().closedReason();
        if (how == null || closed == null) {
            return how;
        }
        String prefix = ChannelException.DISCONNECTED + ": ";
        return how + "; " + (closed.startsWith(prefix) ? closed.substring(prefix.length()) : closed);
    }

    /** Calls and returns; the result is unpickled and delivered on the lane of the target's callbacks. */
    static CompletableFuture<Object> start(
            Context target, @Nullable String chainId, Callee callee, Object[] arguments) {
        checkResult(callee);
        byte[] body = PickleWriter.join(pickle(target, chainId, callee, arguments));
        CompletableFuture<Object> result = new CompletableFuture<>();
        String how = howItEnded(target);
        if (how != null) { // by a callback, as for a context that goes later: never inside a turn
            fail(result, target, callee, how);
            return result;
        }
        long mark = NoReplyCalls.mark(target);
        int handle = target.contexts()
                .router()
                .addHandler(Registration.reply(
                        new MessageHandler() {
                            @Override
                            public void onMessage(Message reply, @Nullable Link from) {
                                if (!reply.isDead()) {
                                    NoReplyCalls.onAnswer(target, mark);
                                }
                                try {
                                    target.callbacks().execute(new Runnable() {
                                        @Override
                                        public void run() {
                                            complete(result, target, callee, reply);
                                        }
                                    });
                                } catch (RuntimeException | Error e) { // no thread can be had for callbacks
                                    result.completeExceptionally(
                                            e); // if that fails as well, the end of the router completes it
                                }
                            }
                        },
                        target.id()));
        try {
            target.contexts().router().send(Message.to(target.id(), Handles.CALL_FUNCTION, handle, body));
        } catch (RuntimeException | Error e) { // the stack or memory is full: nobody will wait for the answer
            target.contexts().router().removeHandler(handle);
            throw e;
        }
        return result;
    }

    private static void fail(CompletableFuture<Object> result, Context target, Callee callee, String how) {
        try {
            target.callbacks().execute(new Runnable() {
                @Override
                public void run() {
                    result.completeExceptionally(ChannelException.gone(describe(target, callee), how));
                }
            });
        } catch (RuntimeException | Error e) { // no thread can be had for callbacks
            result.completeExceptionally(e);
        }
    }

    private static void complete(CompletableFuture<Object> result, Context target, Callee callee, Message reply) {
        Throwable failure;
        try {
            result.complete(valueOf(target, callee, reply));
            return;
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        while (!result.isDone()) { // on a full heap this may fail as well, but a caller waits
            try {
                result.completeExceptionally(failure);
            } catch (OutOfMemoryError expected) {
                Thread.interrupted(); // or the next would not wait
                LockSupport.parkNanos(FULL_HEAP_NS);
            }
        }
    }

    private static @Nullable Object valueOf(Context target, Callee callee, Message reply) {
        String what = describe(target, callee);
        try {
            Object value = Receiver.valueOf(target.contexts(), reply, what, target);
            return convert(value, callee, what);
        } catch (CallException e) {
            throw callee.explain(what, e);
        } catch (ContextGoneException e) {
            throw callee.explain(e);
        } catch (ChannelException e) {
            throw e.inAnswerTo(target);
        }
    }

    /** Converts a result to the type that the caller declared. The error for one that does not fit quotes text of the peer. */
    private static @Nullable Object convert(@Nullable Object value, Callee callee, String what) {
        try {
            return new ValueConverter().convert(value, callee.returnType(), callee.resultName());
        } catch (ConversionException e) {
            String problem = e.getMessage().substring(e.path().length() + ": ".length());
            throw new ConversionException(
                    Printable.line(e.path()), Printable.indented(problem + "; came of the " + what));
        }
    }

    /** Sends a call that nobody waits for. If the target goes before it proves that it ran the call, that is logged. */
    static void send(Context target, @Nullable String chainId, Callee callee, Object[] arguments) {
        byte[] body = PickleWriter.join(pickle(target, chainId, callee, arguments));
        String what = describe(target, callee);
        ChannelException.checkLength(what, body.length, target.contexts().router());
        checkNotGone(target, what);
        NoReplyCalls.onSend(target, what);
        checkNotGone(target, what); // again: whoever goes from now on finds the note
        target.contexts().router().send(Message.to(target.id(), Handles.CALL_FUNCTION, Handles.NONE, body));
    }

    /** Tells the target, under the name it has in Python, to forget that {@code chainId} has failed. */
    static void forgetChain(Context target, String chainId) {
        Tuple order = Tuple.of(null, "mitogen.core", "Dispatcher", "forget_chain", Tuple.of(chainId), Kwargs.of());
        byte[] body = PickleWriter.toBytes(order);
        target.contexts().router().send(Message.to(target.id(), Handles.CALL_FUNCTION, Handles.NONE, body));
    }

    private static byte[][] pickle(Context target, @Nullable String chainId, Callee callee, Object[] arguments) {
        Tuple call = callee.call(target.contexts(), chainId, arguments);
        try {
            return PickleWriter.toParts("", call, callee.bytearrayRefusal(), callee.isErased());
        } catch (PickleException e) {
            String problem = inWordsOfTheCaller(e.getMessage(), callee.capturedCount());
            throw new PickleException(e.blame(), problem, e.getCause());
        }
    }

    /** Turns the path to a value in the tuple of a call, {@code [4][2].get("x")}, into {@code args[1].get("x")}. */
    private static String inWordsOfTheCaller(String message, int captured) {
        if (message.startsWith(KEYWORD_ARGUMENTS)) {
            return "kwargs" + message.substring(KEYWORD_ARGUMENTS.length());
        }
        int end = message.indexOf(']', ALL_ARGUMENTS.length());
        if (!message.startsWith(ALL_ARGUMENTS) || end < 0) {
            return "call" + message;
        }
        int index = Integer.parseInt(message.substring(ALL_ARGUMENTS.length(), end));
        return (index < captured ? "captured[" + index : "args[" + (index - captured)) + message.substring(end);
    }

    private static String describe(Context target, Callee callee) {
        return "call of " + callee + " in " + target.name() + " (context " + Integer.toUnsignedString(target.id())
                + ")";
    }
}
