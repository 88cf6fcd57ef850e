// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that stay out of logs: Mitogen's {@code Blob}, which prints its size only. Immutable, any thread. */
public final class Blob {
    private final byte[] bytes;

    private Blob(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a blob with a copy of {@code bytes}. */
    public static Blob of(byte[] bytes) {
        return new Blob(bytes.clone());
    }

    /** Returns a blob that takes {@code bytes} without copying: the caller must not change them any more. */
    public static Blob take(byte[] bytes) {
        return new Blob(bytes);
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns a read-only view of the bytes, for those who need no copy. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    byte[] lentBytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blob && Arrays.equals(bytes, ((Blob) other).bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "[blob: " + bytes.length + " bytes]";
    }
}
