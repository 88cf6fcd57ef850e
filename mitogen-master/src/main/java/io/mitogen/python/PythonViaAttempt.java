// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.JvmBoot;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.PythonMethod;
import io.mitogen.parent.RemoteAttempt;
import io.mitogen.parent.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An attempt of a Python interpreter, made with Python Mitogen's own connection methods: {@code _proxy_connect} of
 * {@code mitogen/parent.py} starts another interpreter, a function of this library's own a JVM. It cannot be given up; a context
 * that comes up too late is ended.
 */
final class PythonViaAttempt extends RemoteAttempt {
    private static final String MODULE = "mitogen.parent";
    private static final String FUNCTION = "_proxy_connect";
    private static final String JVM_MODULE = "mitogen_jvm_below"; // in this library's resources
    private static final String JVM_FUNCTION = "connect";

    private static final String COMMAND = " Command was: ";

    /** What the boot script and the first stage of a JVM say when they give up. */
    private static final Pattern ERROR_LINE = Pattern.compile("(?m)^MITOERR (\\S+) (.*)$");

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
    private @Nullable PythonMethod
            method; // inside turns; this and the next null once sent, since they may have secrets
    private @Nullable List<Object> more;

    /** @param forJvm command, settings and core of a JVM; null to start a Python interpreter */
    PythonViaAttempt(
            Parenthood parenthood,
            Context via,
            LaunchMethod method,
            PythonMethod forPython,
            @Nullable List<Object> forJvm) {
        super(parenthood, via, method, method.common());
        this.name = method.common().name();
        this.method = forPython;
        this.more = forJvm;
    }

    @Override
    protected void ask() {
        Map<String, Object> options = new HashMap<>(method.options());
        options.put("unidirectional", router().isUnidirectional());
        List<Object> arguments = new ArrayList<>();
        arguments.add(name);
        arguments.add(method.name());
        arguments.add(Kwargs.copyOf(options));
        if (more != null) {
            arguments.addAll(more);
        }
        via().callAsync(more == null ? MODULE : JVM_MODULE, more == null ? FUNCTION : JVM_FUNCTION, arguments.toArray())
                .whenComplete((answer, failure) -> router().broker().tryDefer(() -> onAnswer(answer, failure)));
        onOver();
    }

    private void onAnswer(@Nullable Object answer, @Nullable Throwable failure) {
        if (failure instanceof ContextGoneException) {
            failGone(failure.getMessage());
        } else if (failure != null) {
            refuse(failure);
        } else {
            onOutcome(answer instanceof Map<?, ?> fields ? fields : Map.of());
        }
    }

    private void onOutcome(Map<?, ?> fields) {
        String told = textOf(fields.get("name"));
        String message = textOf(fields.get("msg"));
        if (fields.get("id") instanceof Number id && told != null) {
            onUp(id.intValue(), told);
        } else if (message != null) {
            onFailure(printable(message));
        } else {
            fail(ConnectException.Reason.BAD_HANDSHAKE, "it gave a senseless answer");
        }
    }

    /** Returns a text, as Python 3 or Python 2 sends it; null for anything else. */
    private static @Nullable String textOf(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return value instanceof String text ? text : null;
    }

    private void onFailure(String said) {
        int command = said.indexOf(COMMAND); // a long program, which tells nobody anything
        String text = command < 0 ? said : said.substring(0, command);
        Matcher line = ERROR_LINE.matcher(text);
        Reply.Failure refusal = line.find() ? JvmBoot.meaning(line.group(1), line.group(2)) : null;
        if (refusal == null) {
            fail(Said.reasonOf(text), text);
        } else {
            fail(refusal.reason(), refusal.text());
        }
    }

    @Override
    protected void onOver() {
        method = null;
        more = null;
    }
}
