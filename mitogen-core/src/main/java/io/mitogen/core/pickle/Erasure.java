// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Refuses values in lists and maps that would arrive as another type, because the reader does not know the declared item types.
 * Any thread.
 */
final class Erasure {
    private Erasure() {}

    /** Refuses {@code value} if {@code frame} is that of a list or map that may have been declared to hold its type. */
    static void check(Object value, WriterFrame frame) {
        boolean isDeclared = frame.container instanceof List
                || frame.container instanceof Map && !(frame.container instanceof Kwargs);
        Class<?> arrives = isDeclared ? arrivesAs(value, frame.isKeyInWork) : null;
        if (arrives != null) {
            String type = value.getClass().getTypeName();
            throw new PickleException(
                    Blame.CALLER,
                    "a " + type + " would arrive as a " + arrives.getTypeName()
                            + ", since a lambda does not tell what its lists and maps hold: use a method reference to a"
                            + " method that declares it, or a " + arrives.getTypeName(),
                    null);
        }
    }

    /** Returns the type that {@code value} becomes; null if that is its own, or one that it may be declared as. */
    private static @Nullable Class<?> arrivesAs(Object value, boolean isKey) {
        if (value instanceof Byte || value instanceof Short) {
            return Integer.class;
        } else if (value instanceof Float) {
            return Double.class;
        } else if (value instanceof Character) {
            return String.class;
        } else if (value instanceof BigInteger) {
            return ((BigInteger) value).bitLength() < Long.SIZE ? Long.class : null;
        } else if (value instanceof byte[]) {
            return isKey ? Bytes.class : null;
        } else if (value instanceof Bytes) {
            return isKey ? null : byte[].class;
        }
        return value.getClass().isArray() ? ArrayList.class : null;
    }
}
