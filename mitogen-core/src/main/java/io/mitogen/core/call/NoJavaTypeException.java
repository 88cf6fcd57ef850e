// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Printable;

/**
 * The value that came is, or contains, a Python object for which there is no type in Java. Nothing was made of it, and the context
 * can be called again. The message names the function, the context, the Python class, and what to return instead.
 */
public final class NoJavaTypeException extends MitogenException {
    private static final long serialVersionUID = 1;

    private final String pythonType;

    NoJavaTypeException(String what, String pythonType, String remedy) {
        super(
                Blame.CALLER,
                Printable.indented(what + ": the value that came is, or contains, Python's " + pythonType
                        + ", which has no Java type: " + remedy),
                null);
        this.pythonType = pythonType;
    }

    /** Returns the name of the Python class, or of what stands for it in a pickle, as {@code set} or {@code decimal.Decimal}. */
    public String pythonType() {
        return pythonType;
    }
}
