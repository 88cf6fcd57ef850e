// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.pickle.Kwargs;
import java.util.HashMap;
import java.util.Map;

/**
 * An attempt of a Python interpreter, made with Python Mitogen's own connection methods: {@code _proxy_connect} of
 * {@code mitogen/parent.py}. It cannot be given up; a context that comes up too late is ended.
 */
final class PythonViaAttempt extends RemoteAttempt {
    private static final String MODULE = "mitogen.parent";
    private static final String FUNCTION = "_proxy_connect";
    private static final int MAX_TEXT_CHARS = 20_000;

    /** What Python says of failures, in the order in which it is looked for. */
    private enum Said {
        TIMEOUT("Connection timed out", ConnectException.Reason.TIMEOUT),
        PASSWORD_WRONG("password is incorrect", ConnectException.Reason.PASSWORD_WRONG),
        PASSWORD_REQUIRED("password is required", ConnectException.Reason.PASSWORD_REQUIRED),
        HOST_KEY("ost key checking is enabled", ConnectException.Reason.HOST_KEY_UNKNOWN),
        AUTHENTICATION("authentication is incorrect", ConnectException.Reason.KEY_REFUSED),
        NOT_STARTED("Child start failed", ConnectException.Reason.START_REFUSED),
        SHUT_DOWN("Connection cancelled", ConnectException.Reason.CANCELLED);

        private final String words;
        private final ConnectException.Reason reason;

        Said(String words, ConnectException.Reason reason) {
            this.words = words;
            this.reason = reason;
        }

        static ConnectException.Reason reasonOf(String message) {
            for (Said said : values()) {
                if (message.contains(said.words)) {
                    return said.reason;
                }
            }
            return ConnectException.Reason.EXITED;
        }
    }

    private final @Nullable String name;
    private final boolean unidirectional;
    private @Nullable PythonMethod method; // inside turns; null once sent, since it may have secrets

    PythonViaAttempt(Parenthood parenthood, Context via, LaunchMethod method, PythonMethod forPython) {
        super(parenthood, via, method, method.common());
        this.name = method.common().name();
        this.unidirectional = parenthood.router().isUnidirectional();
        this.method = forPython;
    }

    @Override
    void ask() {
        PythonMethod asked = method;
        method = null;
        Map<String, Object> options = new HashMap<>(asked.options());
        options.put("unidirectional", unidirectional);
        via.callAsync(MODULE, FUNCTION, name, asked.name(), Kwargs.copyOf(options))
                .whenComplete((answer, failure) -> broker.tryDefer(() -> onAnswer(answer, failure)));
    }

    private void onAnswer(@Nullable Object answer, @Nullable Throwable failure) {
        if (failure instanceof ContextGoneException) {
            fail(ConnectException.Reason.VIA_GONE, "that context is gone: " + failure.getMessage());
        } else if (failure != null) {
            fail(hop.refusal(failure));
        } else if (answer instanceof Map<?, ?> fields && fields.get("id") instanceof Number id) {
            onUp(id.intValue());
        } else if (answer instanceof Map<?, ?> fields && fields.get("msg") instanceof String message) {
            String text = ViaAttempt.printable(message, MAX_TEXT_CHARS);
            fail(Said.reasonOf(text), text);
        } else {
            fail(ConnectException.Reason.BAD_HANDSHAKE, "it gave a senseless answer");
        }
    }

    @Override
    void onOver() {
        method = null;
    }
}
