// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Printable;

/** A context cannot be started, as its parent knows before it has tried. */
public final class BootRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ConnectException.Reason reason;

    /** @param text what was found and what helps */
    public BootRefusedException(ConnectException.Reason reason, String text) {
        super(Printable.indented(text));
        this.reason = reason;
    }

    ConnectException.Reason reason() {
        return reason;
    }
}
