// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;

/** The function was reached and failed there. Has the remote exception's type, message and stack beside the caller's own. */
public final class CallException extends MitogenException {
    private static final long serialVersionUID = 1;

    private final String remoteType;
    private final String remoteMessage;
    private final String remoteStack;

    private CallException(String what, String remoteType, String remoteMessage, String remoteStack) {
        super(
                Blame.CALLER,
                what + " failed: " + remoteType + (remoteMessage.isEmpty() ? "" : ": " + remoteMessage),
                null);
        this.remoteType = remoteType;
        this.remoteMessage = remoteMessage;
        this.remoteStack = remoteStack;
    }

    /** Takes a {@link CallError} apart; {@code what} says what was called where. */
    static CallException of(String what, CallError error) {
        String text = error.text();
        int stackAt = firstOf(text.indexOf("\n\tat "), text.indexOf("\n  File "), text.indexOf("\nCaused by: "));
        String head = stackAt < 0 ? text : text.substring(0, stackAt);
        int colon = head.indexOf(": ");
        if (colon < 0 && head.endsWith(":")) {
            colon = head.length() - 1;
        }
        return new CallException(
                what,
                colon < 0 ? head : head.substring(0, colon),
                colon < 0 ? "" : head.substring(Math.min(head.length(), colon + 2)),
                stackAt < 0 ? "" : text.substring(stackAt + 1));
    }

    private static int firstOf(int... positions) {
        int first = -1;
        for (int position : positions) {
            if (position >= 0 && (first < 0 || position < first)) {
                first = position;
            }
        }
        return first;
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
        return remoteStack.isEmpty() ? super.toString() : super.toString() + "\n" + remoteStack + "\n  called by";
    }
}
