// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks another context to connect, with the method as a value. */
final class ViaConnector {
    private static final Duration ANSWER_TIME = Duration.ofSeconds(2);

    private ViaConnector() {}

    /**
     * Begins to connect. The other context keeps the deadline; here its answer is waited for a little longer, in case that
     * context hangs. A context that is ready when nobody wants it any more is ended.
     */
    static CompletableFuture<Context> connect(
            Parenthood parenthood, Context via, ConnectionMethod method, Duration timeout) {
        CompletableFuture<Context> result = new CompletableFuture<>();
        String what = "cannot connect " + method + " from " + via.name() + ": ";
        Timer deadline = parenthood
                .router()
                .broker()
                .after(
                        timeout.plus(ANSWER_TIME).toNanos(),
                        () -> parenthood.complete(() -> result.completeExceptionally(new ConnectException(
                                ConnectException.Reason.TIMEOUT,
                                what + "it did not answer within " + timeout.toMillis() + " ms",
                                List.of()))));
        via.callAsync(
                        Parenthood.class.getName(),
                        "proxyConnect",
                        method.getClass().getName(),
                        method.options())
                .whenComplete((answer, failure) -> {
                    parenthood.router().broker().tryDefer(deadline::cancel);
                    complete(result, parenthood, via, what, answer, failure);
                });
        return result;
    }

    private static void complete(
            CompletableFuture<Context> result,
            Parenthood parenthood,
            Context via,
            String what,
            @Nullable Object answer,
            @Nullable Throwable failure) {
        try {
            if (failure instanceof ContextGoneException) {
                throw new ConnectException(
                        ConnectException.Reason.VIA_GONE,
                        what + "that context is gone: " + failure.getMessage(),
                        List.of());
            } else if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            Context context = contextOf(parenthood, via, what, answer);
            if (!result.complete(context)) {
                context.shutdown();
            }
        } catch (ConnectException e) {
            result.completeExceptionally(e);
        } catch (RuntimeException e) {
            result.completeExceptionally(new ConnectException(
                    ConnectException.Reason.BAD_HANDSHAKE, what + "it gave a senseless answer: " + e, List.of()));
        }
    }

    /** Returns the context that the answer names, which must live behind {@code via} and still be there. */
    private static Context contextOf(Parenthood parenthood, Context via, String what, @Nullable Object answer) {
        Map<?, ?> fields = (Map<?, ?>) answer;
        Object id = fields.get("id");
        if (id == null) {
            throw new ConnectException(
                    ConnectException.Reason.valueOf((String) fields.get("reason")),
                    (String) fields.get("msg"),
                    List.of());
        }
        int contextId = ((Number) id).intValue();
        Router router = parenthood.router();
        Context[] found = new Context[1];
        router.broker().runInTurn(() -> {
            Link link = router.route(contextId);
            if (link != null && link == router.route(via.id()) && contextId != via.id()) {
                found[0] = parenthood.contexts().get(contextId, null);
            }
        });
        if (found[0] == null) {
            throw new ConnectException(
                    ConnectException.Reason.VIA_GONE,
                    what + "context " + Integer.toUnsignedString(contextId) + " is gone already, or not behind it",
                    List.of());
        }
        return found[0];
    }

    /** Makes a method again out of its class and options. */
    static ConnectionMethod make(ClassLoader loader, String methodClass, Kwargs options) {
        try {
            Class<?> type = Class.forName(methodClass, true, loader);
            if (!ConnectionMethod.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException(methodClass + " is no connection method");
            }
            Object method = type.getMethod("fromOptions", Kwargs.class).invoke(null, options);
            if (method instanceof LaunchMethod) {
                for (Class<?> part : ((LaunchMethod) method).parts()) {
                    Class.forName(part.getName(), true, part.getClassLoader()); // some are first used inside turns
                }
            }
            return (ConnectionMethod) method;
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(methodClass + " refused its options: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(methodClass + " cannot be made: " + e, e);
        }
    }
}
