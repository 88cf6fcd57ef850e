// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Printable;

/**
 * The function was reached and failed there. Has the remote exception's type, message and stack beside the caller's own. They are
 * {@link Printable} in the message and the printed trace; the accessors return them as they came.
 */
public final class CallException extends MitogenException {
    private static final long serialVersionUID = 1;

    private final String remoteType;
    private final String remoteMessage;
    private final String remoteStack;

    CallException(String what, String remoteType, String remoteMessage, String remoteStack) {
        super(
                Blame.CALLER,
                Printable.indented(
                        what + " failed: " + remoteType + (remoteMessage.isEmpty() ? "" : ": " + remoteMessage)),
                null);
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
        this.remoteStack = remoteStack;
    }

    /** Returns the name of the remote exception's class, as {@code java.io.IOException} or {@code builtins.KeyError}. */
    public String remoteType() {
        return remoteType;
    }

    /** Returns the remote exception's message, empty when it had none. */
    public String remoteMessage() {
        return remoteMessage;
    }

    /** Returns the remote stack, one frame a line, with the causes; empty when none was sent. */
    public String remoteStack() {
        return remoteStack;
    }

    /** Includes the remote stack, so that a printed trace shows both sides of the call. */
    @Override
    public String toString() {
        return remoteStack.isEmpty()
                ? super.toString()
                : Printable.indented(super.toString() + "\n" + remoteStack) + "\n  called by";
    }
}
