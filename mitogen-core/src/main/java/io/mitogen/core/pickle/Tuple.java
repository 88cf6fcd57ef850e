// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Python's tuple: a fixed row of values, null among them. Not a {@code List}, because the two differ on the wire. Equal
 * by content; byte arrays inside, which must not change any more, count by their bytes. Immutable, any thread.
 */
public final class Tuple implements Iterable<Object> {
    private static final Tuple EMPTY = new Tuple(new Object[0]);

    private final Object[] items;

    /** What comparing this costs, and how deep it goes; see {@link Keys}. Known at once, as all items are. */
    private final int keyWeight;

    private final int keyDepth;

    /** Zero until asked for; racing threads store the same value. Kept only for hashable tuples, which never change. */
    private int hash;

    private Tuple(Object[] items) {
        this.items = items;
        int weight = 1;
        int depth = 1;
        for (Object item : items) {
            weight = Keys.sum(weight, Keys.weight(item));
            depth = Math.max(depth, 1 + Keys.depth(item));
        }
        keyWeight = weight;
        keyDepth = depth;
    }

    /** Returns a tuple of a copy of {@code items}. */
    public static Tuple of(Object... items) {
        return items.length == 0 ? EMPTY : new Tuple(items.clone());
    }

    /** Returns a tuple of the elements of {@code items}. */
    public static Tuple copyOf(List<?> items) {
        return items.isEmpty() ? EMPTY : new Tuple(items.toArray(new Object[0]));
    }

    /** Returns a tuple that takes {@code items} without copying. */
    static Tuple take(Object[] items) {
        return items.length == 0 ? EMPTY : new Tuple(items);
    }

    /** Returns the number of items. */
    public int size() {
        return items.length;
    }

    /** Returns one item; the first is 0. */
    @Nullable
    public Object get(int index) {
        return items[index];
    }

    /** Returns the items as an unmodifiable list. */
    public List<Object> asList() {
        return Collections.unmodifiableList(Arrays.asList(items));
    }

    @Override
    public Iterator<Object> iterator() {
        return asList().iterator();
    }

    int keyWeight() {
        return keyWeight;
    }

    int keyDepth() {
        return keyDepth;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Tuple) || ((Tuple) other).items.length != items.length) {
            return false;
        }
        Object[] others = ((Tuple) other).items;
        for (int i = 0; i < items.length; i++) {
            if (!isSame(items[i], others[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(@Nullable Object one, @Nullable Object two) {
        if (one == two) {
            return true;
        }
        if (one instanceof byte[]) {
            return two instanceof byte[] && Arrays.equals((byte[]) one, (byte[]) two);
        }
        return one != null && one.equals(two);
    }

    @Override
    public int hashCode() {
        if (hash != 0) {
            return hash;
        }
        int sum = 1;
        for (Object item : items) {
            sum = 31 * sum
                    + (item instanceof byte[] ? Arrays.hashCode((byte[]) item) : item == null ? 0 : item.hashCode());
        }
        if (keyWeight < Keys.UNHASHABLE) {
            hash = sum;
        }
        return sum;
    }

    /** Returns the items in the notation of Python, texts without quotes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < items.length; i++) {
            text.append(i == 0 ? "" : ", ").append(items[i] == this ? "(...)" : items[i]);
        }
        return text.append(items.length == 1 ? ",)" : ")").toString();
    }
}
