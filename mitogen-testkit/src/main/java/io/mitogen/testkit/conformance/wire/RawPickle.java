// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.Arrays;

/** Opcodes that push one value, to be written as they are. Nobody may change the array. */
public record RawPickle(byte[] opcodes) {
    /** Takes the opcodes out of a whole pickle: all but STOP at its end. PROTO at its beginning does no harm anywhere. */
    public static RawPickle inside(byte[] pickle) {
        return new RawPickle(Arrays.copyOf(pickle, pickle.length - 1));
    }
}
