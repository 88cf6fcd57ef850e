// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.Arrays;

/** Bytes of Python, which may be a key of a dict. Immutable; nobody may change the array. */
public record Bytes(byte[] array) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes && Arrays.equals(array, ((Bytes) other).array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return Repr.of(this);
    }
}
