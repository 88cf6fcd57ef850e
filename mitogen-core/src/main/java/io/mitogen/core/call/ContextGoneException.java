// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

/** The context that should have answered is gone, or so is the link to it; the message says how it went. */
public final class ContextGoneException extends ChannelException {
    private static final long serialVersionUID = 1;

    ContextGoneException(String message) {
        super(Blame.PEER, message, false);
    }
}
