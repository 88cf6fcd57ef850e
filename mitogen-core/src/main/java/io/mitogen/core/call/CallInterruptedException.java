// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;

/** The calling thread was interrupted while it waited; its interrupt flag is set again. */
public final class CallInterruptedException extends MitogenException {
    private static final long serialVersionUID = 1;

    private CallInterruptedException(String message) {
        super(Blame.CALLER, message, null);
    }

    /** Sets the calling thread's interrupt flag again and returns the exception; {@code what} says what it waited for. */
    public static CallInterruptedException of(String what) {
        Thread.currentThread().interrupt();
        return new CallInterruptedException(what + ": interrupted while waiting");
    }
}
