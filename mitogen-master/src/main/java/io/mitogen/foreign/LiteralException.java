// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

/** A text is no literal of the few kinds that {@link PythonLiteral} knows. Says where and what was found there. */
final class LiteralException extends Exception {
    private static final long serialVersionUID = 1;

    LiteralException(String message) {
        super(message);
    }
}
