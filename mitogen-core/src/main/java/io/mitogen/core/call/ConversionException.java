// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.MitogenException;

/** A value cannot become the type that was declared for it. The message begins with the path to the value. Any thread. */
public final class ConversionException extends MitogenException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String problem;

    ConversionException(String problem) {
        this("", problem);
    }

    ConversionException(String path, String problem) {
        super(Blame.CALLER, path + ": " + problem, null);
        this.path = path;
        this.problem = problem;
    }

    /** Returns where the value stands, for example {@code args[1].get("when")}. */
    public String path() {
        return path;
    }

    /** Returns the same error seen from one level further out. */
    ConversionException under(String outer) {
        return new ConversionException(outer + path, problem);
    }
}
