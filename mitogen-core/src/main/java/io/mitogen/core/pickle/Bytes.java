// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.util.Arrays;

/**
 * Python {@code bytes} as the key of a dict, equal by content. Anywhere else bytes are a {@code byte[]}. Immutable, any
 * thread.
 */
public final class Bytes implements Comparable<Bytes> {
    private static final int PRINTED = 64;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a key with a copy of {@code bytes}. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    byte[] lentBytes() {
        return bytes;
    }

    /** Orders by unsigned bytes, as Python does; it also keeps maps fast when a peer sends keys with equal hashes. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes && Arrays.equals(bytes, ((Bytes) other).bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the notation of Python, cut after 64 bytes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("b'");
        for (int i = 0; i < bytes.length && i < PRINTED; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c < ' ' || c > '~' || c == '\\' || c == '\'') {
                text.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                text.append(c);
            }
        }
        return text.append(bytes.length > PRINTED ? "'..." : "'").toString();
    }
}
