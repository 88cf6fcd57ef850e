// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;

/**
 * How one attempt of {@link MasterRouter#connectAll(java.util.Map)} ended, with the key under which its method was given. Immutable,
 * any thread.
 */
public final class KeyedConnected<K> extends Connected {
    private final K key;

    KeyedConnected(K key, ConnectionMethod method, @Nullable Context context, @Nullable Throwable failure) {
        super(method, context, failure);
        this.key = key;
    }

    /** Returns the key of the method in the map. */
    public K key() {
        return key;
    }

    @Override
    public String toString() {
        return key + ": " + super.toString();
    }
}
