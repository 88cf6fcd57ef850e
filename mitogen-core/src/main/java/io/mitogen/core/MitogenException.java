// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

/**
 * Base of every error this library raises: the subclass says what broke, {@link #blame} who can mend it. Text from hosts and
 * other contexts is {@link Printable} in its message. Any thread.
 */
public abstract class MitogenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who can mend the error. */
    public enum Blame {
        /** The code that made the call: change the arguments or the order of calls. */
        CALLER,
        /** The target machine or the credentials for it. */
        HOST,
        /** The other end of a link, which left or misbehaved: reconnect, or mend that end. */
        PEER
    }

    private final Blame blame;

    /**
     * Made by subclasses only.
     *
     * @param message what was tried, on what, and what was found instead
     * @param cause the error underneath, if there is one
     */
    protected MitogenException(Blame blame, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.blame = blame;
    }

    /** Returns who can mend it. */
    public final Blame blame() {
        return blame;
    }
}
