// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.pickle.PickleException;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A context could not be started. The message says how far it came, where, and what was heard last. */
public final class ConnectException extends MitogenException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Reason {
        /** There is no {@code java} where it was looked for. */
        NO_JAVA,
        /** The {@code java} that was found is older than Java 17. */
        JAVA_TOO_OLD,
        /** There is no Python where it was looked for. */
        NO_PYTHON,
        /** The Python that was found is older or newer than what its parent's Mitogen for Python can run on. */
        PYTHON_UNSUITABLE,
        /** The master has no Mitogen for Python to send; the message says where it was looked for. */
        NO_PYTHON_MITOGEN,
        /** The process could not be started here. */
        START_REFUSED,
        /** There is no writable folder on the target for the first second's four small files. */
        NO_WRITABLE_FOLDER,
        /** The process ended before the context was ready. */
        EXITED,
        /** The context was not ready in time. */
        TIMEOUT,
        /** What answered does not speak as a first stage does. */
        BAD_HANDSHAKE,
        /** The process that should start it has no file descriptors left; the message counts them. */
        OUT_OF_DESCRIPTORS,
        /** No process or thread could be started, here or on the target; the message says what limits them. */
        OUT_OF_PROCESSES,
        /** There was no memory for the process, here or on the target; the message says what limits it. */
        OUT_OF_MEMORY,
        /** The name of the host is unknown here. */
        HOST_UNKNOWN,
        /** The host cannot be reached: nobody answers, or there is no way to it. */
        UNREACHABLE,
        /** The host refused the connection. */
        REFUSED,
        /** The host's key is not known, and the policy is not to accept it. */
        HOST_KEY_UNKNOWN,
        /** The host's key is another one than the one that is known. */
        HOST_KEY_CHANGED,
        /** A password is wanted and none was given. */
        PASSWORD_REQUIRED,
        /** The password was not accepted. */
        PASSWORD_WRONG,
        /** None of the keys was accepted. */
        KEY_REFUSED,
        /** The key has a passphrase and none was given. */
        PASSPHRASE_REQUIRED,
        /** The passphrase does not open the key. */
        PASSPHRASE_WRONG,
        /** The account does not exist, is locked or has expired. */
        ACCOUNT_REFUSED,
        /** The host let ssh in and opens no session, or no more on a connection that is shared. */
        SESSION_REFUSED,
        /** The account's login shell refuses to run a command. */
        SHELL_REFUSED,
        /** The rules of sudo, su or doas do not allow it. */
        NOT_ALLOWED,
        /** It must run on a terminal, and was not asked to. */
        TERMINAL_REQUIRED,
        /** It asked what no option and no question handler answers. */
        QUESTION_UNANSWERED,
        /** The connection ended while the context was being started. */
        DISCONNECTED,
        /** The context that should have started it is gone. */
        VIA_GONE,
        /** The broker was shut down meanwhile, or the caller gave up. */
        CANCELLED
    }

    private final Reason reason;
    private final String text;
    private final transient List<String> lastLines;

    ConnectException(Reason reason, Hop hop, String text, List<String> lastLines, @Nullable Throwable cause) {
        super(
                isOfCaller(reason, cause) ? Blame.CALLER : Blame.HOST,
                Printable.indented("cannot connect " + hop.method() + " from " + hop.from() + ": " + text + "; path: "
                        + hop.path() + tail(lastLines)),
                cause);
        this.reason = reason;
        this.text = text;
        this.lastLines = lastLines.stream().map(Printable::line).toList();
    }

    private static boolean isOfCaller(Reason reason, @Nullable Throwable cause) {
        return reason == Reason.CANCELLED
                || cause instanceof IllegalArgumentException
                || cause instanceof NullPointerException
                || cause instanceof PickleException;
    }

    /** Returns {@code failure} if it is one of these, else one with it as the cause; for the library's own modules. */
    public static ConnectException of(ConnectionMethod method, Throwable failure) {
        if (failure instanceof ConnectException known) {
            return known;
        }
        boolean cancelled = failure instanceof CancellationException || failure instanceof BrokerClosedException;
        Hop hop = Hop.of(String.valueOf(method), "the master", HostName.user() + "@" + HostName.get());
        String text = cancelled ? "the attempt was given up: " + failure : "it could not begin: " + failure;
        return new ConnectException(cancelled ? Reason.CANCELLED : Reason.START_REFUSED, hop, text, List.of(), failure);
    }

    private static String tail(List<String> lines) {
        return lines.isEmpty() ? "" : "; last lines heard:\n    " + String.join("\n    ", lines);
    }

    public Reason reason() {
        return reason;
    }

    /** Returns what was found, without what was tried and on which path. */
    String text() {
        return text;
    }

    /** Returns the last lines that came from the target, oldest first, with control characters made visible. */
    public List<String> lastLines() {
        return lastLines;
    }
}
