// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The listeners of one kind of event. Any thread; listeners are called without a lock, in the order they came. */
public final class Signal<L> {
    private volatile List<L> listeners = new ArrayList<>(0); // replaced, never changed

    /** Makes a signal that nobody listens to yet. */
    public Signal() {}

    public synchronized void add(L listener) {
        List<L> more = new ArrayList<>(listeners);
        more.add(Objects.requireNonNull(listener, "listener"));
        listeners = more;
    }

    /** Removes a listener; returns false when it was not there (any more). */
    public synchronized boolean remove(L listener) {
        List<L> fewer = new ArrayList<>(listeners);
        boolean removed = fewer.remove(listener);
        listeners = fewer;
        return removed;
    }

    /** Returns the listeners of this moment; the list never changes. */
    public List<L> listeners() {
        return listeners;
    }
}
