// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Connector;
import io.mitogen.core.route.Router;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@link ConnectResults}, each with the key under which its method was given. The same rules apply. */
public final class KeyedResults<K> implements Iterable<KeyedConnected<K>>, Iterator<KeyedConnected<K>>, AutoCloseable {
    private final ConnectResults results;
    private final List<K> keys;

    private KeyedResults(ConnectResults results, List<K> keys) {
        this.results = results;
        this.keys = keys;
    }

    static <K> KeyedResults<K> begin(
            Router router, Connector connector, Map<K, ? extends ConnectionMethod> methodsByKey) {
        List<K> keys = new ArrayList<>();
        List<ConnectionMethod> methods = new ArrayList<>();
        methodsByKey.forEach((key, method) -> {
            keys.add(key);
            methods.add(method);
        });
        return new KeyedResults<>(ConnectResults.begin(router, connector, methods), keys);
    }

    @Override
    public Iterator<KeyedConnected<K>> iterator() {
        return this;
    }

    @Override
    public boolean hasNext() {
        return results.hasNext();
    }

    /** Waits as {@link ConnectResults#next} does. */
    @Override
    public KeyedConnected<K> next() {
        return results.next(keys);
    }

    /** Gives up the attempts that have not ended; contexts that are up stay up. */
    @Override
    public void close() {
        results.close();
    }
}
