// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import java.nio.file.Path;

/** A unix socket could not be opened for clients. The message has its path, what was found there and what helps. */
public final class UnixListenException extends MitogenException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Reason {
        /** Another program listens at this path. */
        IN_USE,
        /** There is something at this path that is no socket. */
        NOT_A_SOCKET,
        /** The folder does not exist. */
        NO_FOLDER,
        /** The folder does not let this user make the socket, or replace what is there. */
        PERMISSION_DENIED,
        /** The path is longer than the system allows for a socket. */
        PATH_TOO_LONG,
        /** Something else; the message has the system's words. */
        FAILED
    }

    private final Reason reason;

    UnixListenException(Reason reason, Path path, String text, @Nullable Throwable cause) {
        super(
                reason == Reason.PERMISSION_DENIED || reason == Reason.FAILED ? Blame.HOST : Blame.CALLER,
                "cannot listen at " + path + ": " + text,
                cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
