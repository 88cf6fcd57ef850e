// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;

/** A dead message came instead of what was waited for; the message says why nothing (more) comes. */
public class ChannelException extends MitogenException {
    /** How a dead message begins when the context went away that should have answered: Python's words. */
    static final String DISCONNECTED = Router.RESPONDENT_GONE;

    /** How one begins of who knows no way to the context. */
    static final String NO_ROUTE = "no route to ";

    private static final String INVALID_HANDLE = "invalid handle";

    private static final String TOO_LARGE = "message too large (max ";

    private static final String SEND_LESS = "; send less at a time, or raise the limit where the tree has its root:"
            + " RouterOptions.withMaxMessageBytes, in Python Router.max_message_size";

    private static final long serialVersionUID = 1;

    private final boolean isOrderlyEnd;

    ChannelException(Blame blame, String message, boolean isOrderlyEnd) {
        super(blame, message, null);
        this.isOrderlyEnd = isOrderlyEnd;
    }

    /** Returns the exception for a dead message; {@code what} says what was waited for. */
    static ChannelException of(String what, String reason) {
        String message = Printable.indented(what + ": " + reason);
        if (isOfEnd(reason)) {
            return new ContextGoneException(message);
        }
        return new ChannelException(
                Blame.CALLER,
                reason.startsWith(TOO_LARGE) ? message + SEND_LESS : message,
                reason.equals(Sender.CLOSED) || reason.equals(Receiver.CLOSED));
    }

    /** As {@link #of(String, String)}; says how and when {@code respondent} ended, where that is known here. */
    static ChannelException of(String what, String reason, @Nullable Context respondent) {
        String how = respondent != null && isOfEnd(reason) ? respondent.knownEnd() : null;
        if (how == null) {
            return of(what, reason);
        }
        String known = respondent.goneReason();
        return reason.endsWith(known) ? of(what, reason + how.substring(known.length())) : gone(what, how);
    }

    private static boolean isOfEnd(String reason) {
        return reason.startsWith(DISCONNECTED)
                || reason.startsWith(NO_ROUTE)
                || reason.startsWith("Broker has exitted")
                || reason.startsWith(Router.CLOSED);
    }

    /** Returns the exception for a call that was not sent, since its target has gone. */
    static ContextGoneException gone(String what, String how) {
        return new ContextGoneException(Printable.indented(what + ": " + DISCONNECTED + ": " + how));
    }

    /** Refuses to send a value to a context that has gone. */
    static void refuse(int handle, Context target, String how) {
        throw gone(
                "sending a value to " + Handles.name(handle) + " of " + target.name() + " (context "
                        + Integer.toUnsignedString(target.id()) + ")",
                how);
    }

    /** Refuses a message whose loss nobody would hear of. */
    static void checkLength(String what, int bytes, Router router) {
        int most = router.maxMessageBytes();
        if (bytes > most) {
            throw of(what, TOO_LARGE + most + " bytes): it has " + bytes + " bytes");
        }
    }

    /**
     * Returns the exception for a call of {@code target} that was answered with this. Every child takes calls from its start on,
     * so one without a handler for them is ending: a Python context, for example, that waits for its children. The master never
     * takes calls.
     */
    ChannelException inAnswerTo(Context target) {
        boolean isEnding = getMessage().endsWith(": " + INVALID_HANDLE) && target.id() != Identity.MASTER;
        return isEnding ? new ContextGoneException(getMessage() + "; it takes no calls any more") : this;
    }

    /** Tells whether somebody closed the sender or the receiver: nothing went wrong, and nothing is missing. */
    boolean isOrderlyEnd() {
        return isOrderlyEnd;
    }
}
