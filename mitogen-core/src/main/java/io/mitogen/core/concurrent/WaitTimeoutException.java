// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import io.mitogen.core.MitogenException;

/** A wait ended at its deadline; what was waited for may still come. */
public final class WaitTimeoutException extends MitogenException {
    private static final long serialVersionUID = 1;

    public WaitTimeoutException(String message) {
        super(Blame.PEER, message, null);
    }
}
