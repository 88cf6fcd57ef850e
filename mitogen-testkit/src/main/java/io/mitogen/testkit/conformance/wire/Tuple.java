// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A tuple of Python. The list may have null in it. */
public record Tuple(List<Object> items) {
    public static Tuple of(Object... items) {
        return new Tuple(Collections.unmodifiableList(Arrays.asList(items)));
    }

    public int size() {
        return items.size();
    }

    public Object get(int index) {
        return items.get(index);
    }
}
