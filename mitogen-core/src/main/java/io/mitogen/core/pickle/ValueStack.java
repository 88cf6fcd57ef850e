// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.Arrays;

/**
 * The stack of the pickle machine and the marks on it. Nothing below the last mark can be reached without taking the
 * mark away first. One thread at a time.
 */
final class ValueStack {
    private Object[] items = new Object[16];
    private int size;
    private int[] marks = new int[8];
    private int markCount;

    void clear() {
        size = 0;
        markCount = 0;
    }

    void push(@Nullable Object item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, grown(size));
        }
        items[size++] = item;
    }

    @Nullable
    Object pop() {
        checkNotEmpty();
        return items[--size];
    }

    @Nullable
    Object top() {
        checkNotEmpty();
        return items[size - 1];
    }

    /** Takes away the last mark if it is on top, else the top value, as Python's POP does. */
    void popMarkOrValue() {
        if (markCount > 0 && marks[markCount - 1] == size) {
            markCount--;
        } else {
            pop();
        }
    }

    void mark() {
        if (markCount == marks.length) {
            marks = Arrays.copyOf(marks, grown(markCount));
        }
        marks[markCount++] = size;
    }

    /** Removes the last mark with all above it, and returns the latter. Nothing in it may be a bare global. */
    Object[] popToMark() {
        return checkValues(popToMarkUnchecked());
    }

    /** Removes the last mark with all above it, and returns the latter, whatever it is. */
    Object[] popToMarkUnchecked() {
        int top = size;
        dropToMark();
        return Arrays.copyOfRange(items, size, top);
    }

    /** Removes and returns the top values, the topmost last. Nothing in it may be a bare global. */
    Object[] popAll(int count) {
        if (size - count < fence()) {
            throw PickleException.peer("the stack is too short");
        }
        size -= count;
        return checkValues(Arrays.copyOfRange(items, size, size + count));
    }

    private static Object[] checkValues(Object[] values) {
        for (Object value : values) {
            checkValue(value);
        }
        return values;
    }

    /** Removes the last mark with all above it. */
    void dropToMark() {
        if (markCount == 0) {
            throw PickleException.peer("a MARK is missing");
        }
        size = marks[--markCount];
    }

    /** Refuses the name of a factory where a value belongs: Java has no type for it. */
    @Nullable
    static Object checkValue(@Nullable Object value) {
        if (value instanceof Globals.Entry) {
            throw PickleException.peer("a global stands where a value must be");
        }
        return value;
    }

    private int fence() {
        return markCount == 0 ? 0 : marks[markCount - 1];
    }

    private void checkNotEmpty() {
        if (size <= fence()) {
            throw PickleException.peer("the stack is too short");
        }
    }

    private static int grown(int length) {
        return (int) Math.min(2L * length, Integer.MAX_VALUE - 8);
    }
}
