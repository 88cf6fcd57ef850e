// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the calls that come to this context, one after another in the order they came, on the thread that calls {@link #run}:
 * a child's main thread, the only one of the library on which user code and class loading may block.
 */
public final class Dispatcher implements MessageHandler {
    /*
     * Whatever a function does, its caller hears of it: a result, or a CallError for everything it throws, for arguments that
     * do not fit, and for a result that may not travel. Only what ends the process ends the loop.
     */
    private final ChildContext child;
    private final Router router;
    private final MethodTable methods;
    private final Log log;
    private final Latch<Message> calls = new Latch<>();
    private final Map<String, CallError> failedChains = new HashMap<>(); // main thread
    private volatile @Nullable String stopReason;

    public Dispatcher(ChildContext child) {
        this.child = child;
        this.router = child.router();
        this.methods = new MethodTable(child.loader());
        this.log = router.log().named("mitogen");
        router.addHandler(
                Registration.of(this).on(Handles.CALL_FUNCTION).policy(Policy.parentAuthority(router.identity())));
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead()) {
            stop(message.deadReason(router.identity().id()));
        } else {
            calls.put(message);
        }
    }

    /** Ends {@link #run} after the call under way; calls that wait are dropped, their callers learn it from the link. */
    public void stop(String reason) {
        stopReason = reason;
        calls.close(reason);
    }

    /** Returns of what and where a call is, as the end of a line. */
    private String place(@Nullable CallSpec spec) {
        Context self = child.self();
        return (spec == null ? "" : " of " + spec.className + "." + spec.function) + " in " + self.name() + " (context "
                + Integer.toUnsignedString(self.id()) + ")";
    }

    /** Runs calls until {@link #stop}. An interrupt that a function leaves behind, or brings about later, ends nothing. */
    public void run() {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        child.contexts().callThread(thread);
        while (true) {
            try {
                dispatch(calls.get());
            } catch (InterruptedException expected) {
                // By a thread that a function left behind: nothing of this library interrupts this one.
            } catch (LatchClosedException expected) {
                return;
            }
            Thread.interrupted(); // what a function leaves behind is not meant for the next one
            thread.setContextClassLoader(loader);
        }
    }

    private void dispatch(Message message) {
        CallSpec spec = null;
        Object result;
        try {
            spec = CallSpec.of(child.contexts().unpickle(message));
            result = call(spec, message.wantsReply());
        } catch (Throwable e) {
            result = failure(spec, e);
        }
        String ending = stopReason;
        if (message.wantsReply() && ending != null && result instanceof CallError) {
            // most likely because of the end: its classes, links and threads go first
            String failure = ((CallError) result).text();
            router.bounce(message, Router.RESPONDENT_GONE + ": " + ending + "; the call failed: " + failure);
        } else if (message.wantsReply()) {
            router.reply(message, pickle(spec, result), !calls.isEmpty());
        } else if (result instanceof CallError && (spec == null || spec.chainId == null)) {
            log.error(
                    "No-reply function call failed: " + ((CallError) result).text() + "\n\tin the call" + place(spec));
        }
    }

    private byte[][] pickle(@Nullable CallSpec spec, @Nullable Object result) {
        try {
            boolean isErased = spec != null && spec.function.contains(Callee.LAMBDA);
            return PickleWriter.toParts("result", result, null, isErased);
        } catch (Throwable e) { // the result is the user's: its iterators may do anything
            return PickleWriter.toParts("failure", failure(spec, e), null);
        }
    }

    private @Nullable Object call(CallSpec spec, boolean wantsResult) throws Throwable {
        if (spec.isForgetChain()) {
            failedChains.remove(CallSpec.chainId(spec.arguments[0]));
            return null;
        }
        CallError failed = spec.chainId == null ? null : failedChains.get(spec.chainId);
        return failed != null
                ? failed
                : methods.call(
                        child.contexts().enter(spec.className),
                        spec.function,
                        spec.arguments,
                        spec.kwargs,
                        child,
                        wantsResult);
    }

    private CallError failure(@Nullable CallSpec spec, Throwable e) {
        CallError error;
        try {
            error = CallError.of(e, Dispatcher.class);
        } catch (Throwable expected) { // the caller learns the type at least
            error = new CallError(e.getClass().getName() + ": ");
        }
        if (spec != null && spec.chainId != null) {
            failedChains.put(spec.chainId, error);
        }
        return error;
    }

    /** What a CALL_FUNCTION asks for. */
    private static final class CallSpec {
        private final @Nullable String chainId;
        private final String className;
        private final String function;
        private final Object[] arguments;
        private final Kwargs kwargs;

        private CallSpec(Tuple fields, String className, Object[] arguments, Kwargs kwargs) {
            this.chainId = chainId(fields.get(0));
            this.className = className;
            this.function = (String) fields.get(3);
            this.arguments = arguments;
            this.kwargs = kwargs;
        }

        static CallSpec of(@Nullable Object value) {
            if (value instanceof CallError) {
                throw PickleException.peer("the caller could not pickle the call: " + value);
            }
            if (value instanceof Tuple && ((Tuple) value).size() == 6) {
                Tuple fields = (Tuple) value;
                Object arguments = fields.get(4);
                Object kwargs = fields.get(5);
                if ((fields.get(0) == null || fields.get(0) instanceof String || fields.get(0) instanceof byte[])
                        && fields.get(1) instanceof String
                        && (fields.get(2) == null || fields.get(2) instanceof String)
                        && fields.get(3) instanceof String
                        && (arguments instanceof Tuple || arguments instanceof List)
                        && kwargs instanceof Map) {
                    String inner = (String) fields.get(2);
                    return new CallSpec(
                            fields,
                            inner == null ? (String) fields.get(1) : fields.get(1) + "$" + inner,
                            arguments instanceof Tuple
                                    ? ((Tuple) arguments).asList().toArray()
                                    : ((List<?>) arguments).toArray(),
                            kwargs instanceof Kwargs ? (Kwargs) kwargs : Kwargs.copyOf(names((Map<?, ?>) kwargs)));
                }
            }
            throw PickleException.peer("a call is (chain, module, class or None, function, args, kwargs)");
        }

        /** Returns a chain's id; Python 2 makes it of bytes. */
        private static @Nullable String chainId(@Nullable Object sent) {
            return sent instanceof byte[] ? new String((byte[]) sent, StandardCharsets.ISO_8859_1) : (String) sent;
        }

        private static Map<String, Object> names(Map<?, ?> kwargs) {
            Map<String, Object> named = new HashMap<>();
            for (Map.Entry<?, ?> entry : kwargs.entrySet()) {
                if (!(entry.getKey() instanceof String)) {
                    throw PickleException.peer("the names of keyword arguments are str");
                }
                named.put((String) entry.getKey(), entry.getValue());
            }
            return named;
        }

        /** Tells whether this is the order to forget a chain's failure, named as in Python. */
        boolean isForgetChain() {
            return function.equals("forget_chain")
                    && className.equals("mitogen.core$Dispatcher")
                    && arguments.length == 1;
        }
    }
}
