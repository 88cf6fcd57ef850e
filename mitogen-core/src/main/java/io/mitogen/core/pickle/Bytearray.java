// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.Arrays;

/**
 * Python's {@code bytearray}: bytes that may change in place. It travels between JVM contexts; Python contexts refuse
 * it. One thread at a time.
 */
public final class Bytearray {
    private final byte[] bytes;

    private Bytearray(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a bytearray over {@code bytes} itself: changes show on both sides. */
    public static Bytearray wrap(byte[] bytes) {
        return new Bytearray(bytes);
    }

    /** Returns the bytes themselves, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytearray && Arrays.equals(bytes, ((Bytearray) other).bytes);
    }

    /** Follows the content, so an instance must not change while it is a key. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "[bytearray: " + bytes.length + " bytes]";
    }
}
