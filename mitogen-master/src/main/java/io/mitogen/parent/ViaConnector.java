// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.pickle.Kwargs;
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
                    complete(result, parenthood, what, (Map<?, ?>) answer, failure);
                });
        return result;
    }

    private static void complete(
            CompletableFuture<Context> result,
            Parenthood parenthood,
            String what,
            @Nullable Map<?, ?> answer,
            @Nullable Throwable failure) {
        if (failure instanceof ContextGoneException) {
            result.completeExceptionally(new ConnectException(
                    ConnectException.Reason.VIA_GONE,
                    what + "that context is gone: " + failure.getMessage(),
                    List.of()));
        } else if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            try {
                Context context = contextOf(parenthood, answer);
                if (!result.complete(context)) {
                    context.shutdown();
                }
            } catch (ConnectException e) {
                result.completeExceptionally(e);
            }
        }
    }

    private static Context contextOf(Parenthood parenthood, Map<?, ?> answer) {
        Object id = answer.get("id");
        if (id == null) {
            throw new ConnectException(
                    ConnectException.Reason.valueOf((String) answer.get("reason")),
                    (String) answer.get("msg"),
                    List.of());
        }
        return parenthood.contexts().get(((Number) id).intValue(), null);
    }

    /** Makes a method again out of its class and options. */
    static ConnectionMethod make(ClassLoader loader, String methodClass, Kwargs options) {
        try {
            Class<?> type = Class.forName(methodClass, true, loader);
            if (!ConnectionMethod.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException(methodClass + " is no connection method");
            }
            return (ConnectionMethod)
                    type.getMethod("fromOptions", Kwargs.class).invoke(null, options);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(methodClass + " refused its options: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(methodClass + " cannot be made: " + e, e);
        }
    }
}
