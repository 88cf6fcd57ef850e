// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;

/** What came as a class or resource image is none: wrong shape, broken compression, too large. The peer is at fault. */
public final class CorruptImageException extends MitogenException {
    private static final long serialVersionUID = 1L;

    CorruptImageException(String message, @Nullable Throwable cause) {
        super(Blame.PEER, message, cause);
    }
}
