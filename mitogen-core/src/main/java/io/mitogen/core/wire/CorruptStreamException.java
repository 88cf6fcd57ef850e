// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import io.mitogen.core.MitogenException;

/** The peer sent what cannot be a frame, or one larger than allowed; the stream it came on is lost. */
public final class CorruptStreamException extends MitogenException {
    private static final long serialVersionUID = 1;

    public CorruptStreamException(String message) {
        super(Blame.PEER, message, null);
    }
}
