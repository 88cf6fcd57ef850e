// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;

/**
 * The one error of this room: a value that may not be sent (blame on the caller, message starts with the path to the
 * value) or bytes that are no acceptable pickle (blame on the peer). Any thread.
 */
public final class PickleException extends MitogenException {
    private static final long serialVersionUID = 1L;

    /** Makes an error with no other error beneath it. */
    public PickleException(Blame blame, String message) {
        this(blame, message, null);
    }

    /** Makes an error; see {@link MitogenException} for the form of the message. */
    public PickleException(Blame blame, String message, @Nullable Throwable cause) {
        super(blame, message, cause);
    }

    /** Returns the error for bytes or arguments that came from a peer and cannot be accepted. */
    public static PickleException peer(String message) {
        return new PickleException(Blame.PEER, message);
    }
}
