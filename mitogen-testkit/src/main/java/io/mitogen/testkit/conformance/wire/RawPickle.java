// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.Arrays;

/** Opcodes that push one value, to be written as they are. Nobody may change the array. */
public record RawPickle(byte[] opcodes) {
    /** Takes the opcodes out of a whole pickle: without PROTO at its beginning and STOP at its end. */
    public static RawPickle inside(byte[] pickle) {
        int start = pickle.length > 1 && pickle[0] == (byte) 0x80 ? 2 : 0;
        return new RawPickle(Arrays.copyOfRange(pickle, start, pickle.length - 1));
    }
}
