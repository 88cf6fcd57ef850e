// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keyword arguments: Mitogen's {@code Kwargs}, a map whose keys are text even when they come from Python 2. Prints its
 * values, of which a {@link Secret} stays hidden. Immutable, any thread.
 */
public final class Kwargs extends AbstractMap<String, Object> {
    private static final Kwargs EMPTY = new Kwargs(Collections.emptyMap());

    private final Map<String, Object> entries;

    private Kwargs(Map<String, Object> entries) {
        this.entries = entries;
    }

    /** Returns no keyword arguments. */
    public static Kwargs of() {
        return EMPTY;
    }

    /** Returns a copy of {@code entries}, in their order. The values are shared. */
    public static Kwargs copyOf(Map<String, ?> entries) {
        return entries.isEmpty() ? EMPTY : new Kwargs(Collections.unmodifiableMap(new LinkedHashMap<>(entries)));
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return entries.entrySet();
    }

    @Override
    @Nullable
    public Object get(Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    @Override
    public String toString() {
        return "Kwargs(" + super.toString() + ")";
    }
}
