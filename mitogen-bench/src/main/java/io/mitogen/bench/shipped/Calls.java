// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.shipped;

/** Functions that do as little as can be. Main thread of a context. */
public final class Calls {
    private Calls() {}

    /** Does nothing. */
    public static void nothing() {
        // what is measured is the way here and back
    }

    /** Returns how many bytes came. */
    public static int length(byte[] bytes) {
        return bytes.length;
    }

    /** Returns so many bytes. */
    public static byte[] bytes(int length) {
        return new byte[length];
    }

    /** Returns the number of this process. */
    public static long pid() {
        return ProcessHandle.current().pid();
    }
}
