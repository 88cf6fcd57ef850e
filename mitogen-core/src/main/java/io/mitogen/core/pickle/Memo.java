// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a reader was told to remember, by number. Writers count up, so an array serves; a number far beyond the count of
 * entries goes to a map, so that no number can make the reader allocate. One thread at a time.
 */
final class Memo {
    /** Stands for Python's None in an array whose empty places are null. */
    private static final Object NONE = new Object();

    private static final int SLACK = 64;

    private Object[] dense = new Object[16];
    private int count;

    @Nullable
    private Map<Long, Object> sparse;

    /** Remembers {@code value}, which may be null, under {@code index}, 0 to 2^32 - 1. */
    void put(long index, @Nullable Object value) {
        Object stored = value == null ? NONE : value;
        if (index >= dense.length && index <= 2L * count + SLACK) {
            dense = Arrays.copyOf(dense, (int) Math.max(2L * dense.length, index + 1));
        }
        @Nullable Object before;
        if (index < dense.length) {
            before = dense[(int) index];
            dense[(int) index] = stored;
        } else {
            if (sparse == null) {
                sparse = new HashMap<>();
            }
            before = sparse.put(index, stored);
        }
        count += before == null ? 1 : 0;
    }

    /** Remembers {@code value} under the next number, as pickles of protocol 4 do. */
    void append(@Nullable Object value) {
        put(count, value);
    }

    /** Returns what is remembered, which may be null. */
    @Nullable
    Object get(long index) {
        @Nullable Object stored = index < dense.length ? dense[(int) index] : null;
        if (stored == null && sparse != null) {
            stored = sparse.get(index);
        }
        if (stored == null) {
            throw PickleException.peer("nothing is memoised as " + index);
        }
        return stored == NONE ? null : stored;
    }
}
