// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks another context to connect, with the method as a value. */
final class ViaConnector {
    private ViaConnector() {}

    static CompletableFuture<Context> connect(Parenthood parenthood, Context via, ConnectionMethod method) {
        return via.callAsync(
                        Parenthood.class.getName(),
                        "proxyConnect",
                        method.getClass().getName(),
                        method.options())
                .thenApply(answer -> contextOf(parenthood, (Map<?, ?>) answer));
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
