// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** What {@link ViaAttempt} asks for, in the context that does it. */
final class ProxiedAttempt {
    private ProxiedAttempt() {}

    /**
     * Begins to connect; the outcome is sent to {@code handle} of {@code requester}: a dict with {@code id} and {@code name}, or
     * with {@code reason}, {@code text} and {@code lines}. Returns the handle to which the requester sends when it gives up.
     */
    static int begin(ChildContext child, Context requester, int handle, ConnectionMethod method) {
        Router router = child.router();
        CompletableFuture<Context> result = child.connectAsync(method);
        int giveUp = router.addHandler(Registration.reply((message, from) -> result.cancel(true), requester.id()));
        result.whenComplete((context, failure) -> {
            router.removeHandler(giveUp);
            RemoteQuestions.endOf(method);
            requester.send(handle, outcome(context, failure));
        });
        return giveUp;
    }

    private static Map<String, Object> outcome(@Nullable Context context, @Nullable Throwable failure) {
        Map<String, Object> outcome = new HashMap<>();
        if (context != null) {
            outcome.put("id", PickleWriter.unsigned(context.id()));
            outcome.put("name", context.name());
        } else if (failure instanceof ConnectException) {
            ConnectException e = (ConnectException) failure;
            outcome.put("reason", e.reason().name());
            outcome.put("text", e.text());
            outcome.put("lines", e.lastLines());
        } else {
            boolean cancelled = failure instanceof CancellationException;
            outcome.put(
                    "reason",
                    (cancelled ? ConnectException.Reason.CANCELLED : ConnectException.Reason.START_REFUSED).name());
            outcome.put("text", failure.toString());
            outcome.put("lines", List.of());
        }
        return outcome;
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
