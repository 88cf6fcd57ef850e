// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.MitogenException;

/** The broker that should have done this has ended; the message says why it did. */
public final class BrokerClosedException extends MitogenException {
    private static final long serialVersionUID = 1;

    public BrokerClosedException(String message) {
        super(Blame.CALLER, message, null);
    }
}
