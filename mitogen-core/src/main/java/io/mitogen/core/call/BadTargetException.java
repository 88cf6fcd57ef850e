// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;

/**
 * What was named to be called cannot be: raised at the call site where the name shows it, else in the child, before any of the
 * user's code ran. The message names the class or method and the remedy. Any thread.
 */
public final class BadTargetException extends MitogenException {
    private static final long serialVersionUID = 1L;

    BadTargetException(String message) {
        this(message, null);
    }

    BadTargetException(String message, @Nullable Throwable cause) {
        super(Blame.CALLER, message, cause);
    }
}
