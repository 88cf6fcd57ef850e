// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import io.mitogen.core.MitogenException;

/** Nothing more will come out of a {@link Latch}; the message says why. */
public final class LatchClosedException extends MitogenException {
    private static final long serialVersionUID = 1;

    public LatchClosedException(String reason) {
        super(Blame.PEER, reason, null);
    }
}
