// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

/** Bytes that are no pickle, or not one of those that Mitogen sends; says why. */
public final class PickleError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PickleError(String message) {
        super(message);
    }
}
