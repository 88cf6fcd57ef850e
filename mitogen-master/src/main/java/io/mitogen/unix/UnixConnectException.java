// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import java.nio.file.Path;

/** A listener could not be joined. The message has the path of its socket, what was found there and what helps. */
public final class UnixConnectException extends MitogenException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Reason {
        /** There is nothing at this path. */
        NO_SOCKET,
        /** There is a socket, but nobody listens any more. */
        REFUSED,
        /** This user may not use the socket. */
        PERMISSION_DENIED,
        /** Somebody listens, and did not answer in time. */
        TIMEOUT,
        /** The listener closed the connection before it had answered. */
        CUT_OFF,
        /** What is there, or what it answered, is not Mitogen's. */
        NOT_MITOGEN,
        /** Something else; the message has the system's words. */
        FAILED
    }

    private final Reason reason;

    UnixConnectException(Reason reason, Path path, String text, @Nullable Throwable cause) {
        super(blameOf(reason), Printable.indented("cannot join the listener at " + path + ": " + text), cause);
        this.reason = reason;
    }

    private static Blame blameOf(Reason reason) {
        return switch (reason) {
            case NO_SOCKET, NOT_MITOGEN -> Blame.CALLER;
            case PERMISSION_DENIED, FAILED -> Blame.HOST;
            case REFUSED, TIMEOUT, CUT_OFF -> Blame.PEER;
        };
    }

    public Reason reason() {
        return reason;
    }
}
