// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.io.IOException;

/** What the parent sent before the first frame cannot be used; says what it is and what was found. */
final class PreambleException extends IOException {
    private static final long serialVersionUID = 1;

    PreambleException(String message) {
        super(message);
    }
}
