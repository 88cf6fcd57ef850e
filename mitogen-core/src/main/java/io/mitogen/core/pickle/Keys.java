// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * What may be the key of a dict: what Python can hash, and not so large or deep that comparing it could overflow the
 * stack or burn the processor. The same rule on both ends, so that a sender is told at once. Any thread.
 */
final class Keys {
    /** Weight of a value that cannot be hashed, and of everything that contains one. */
    static final int UNHASHABLE = 1 << 30;

    /** Largest weight of a tuple: about its number of items, those of inner tuples counted each time they are met. */
    static final int MAX_TUPLE_WEIGHT = 4096;

    /** Deepest tuple: enough for any real key, and shallow for a recursive {@code equals}. */
    static final int MAX_TUPLE_DEPTH = 64;

    private Keys() {}

    /** Returns why {@code key} may not be the key of a dict, or null if it may. */
    @Nullable
    static String refusal(@Nullable Object key) {
        int weight = weight(key);
        if (weight >= UNHASHABLE) {
            return "cannot be hashed, so it may not be the key of a dict";
        }
        if (key instanceof Tuple && (weight > MAX_TUPLE_WEIGHT || depth(key) > MAX_TUPLE_DEPTH)) {
            return "is too large or too deep a tuple for the key of a dict";
        }
        return null;
    }

    /** Returns the relative cost of hashing and comparing {@code value}, at least 1. */
    static int weight(@Nullable Object value) {
        if (value instanceof String) {
            return 1 + ((String) value).length() / 64;
        }
        if (value instanceof Tuple) {
            return ((Tuple) value).keyWeight();
        }
        if (value instanceof byte[]) {
            return 1 + ((byte[]) value).length / 64;
        }
        if (value instanceof Bytes) {
            return 1 + ((Bytes) value).size() / 64;
        }
        if (value instanceof Blob) {
            return 1 + ((Blob) value).size() / 64;
        }
        if (value instanceof Secret) { // compared character by character
            return 1 + ((Secret) value).reveal().length() / 8;
        }
        if (value instanceof BigInteger) {
            return 1 + ((BigInteger) value).bitLength() / 512;
        }
        if (value instanceof Reducible) { // as its arguments
            return Math.min(UNHASHABLE - 1, weight(((Reducible) value).arguments()));
        }
        boolean mutable = value instanceof List
                || value instanceof Map
                || value instanceof Bytearray
                || value != null && value.getClass().isArray();
        return mutable ? UNHASHABLE : 1;
    }

    /** Returns how many tuples lie inside each other, 0 for anything else. */
    static int depth(@Nullable Object value) {
        return value instanceof Tuple ? ((Tuple) value).keyDepth() : 0;
    }

    /** Adds two weights, at most {@link #UNHASHABLE} each, without overflow. */
    static int sum(int one, int two) {
        return one == UNHASHABLE || two == UNHASHABLE ? UNHASHABLE : Math.min(UNHASHABLE - 1, one + two);
    }
}
