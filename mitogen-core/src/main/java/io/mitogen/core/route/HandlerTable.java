// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Handles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The handlers of a context by handle. Any thread. Numbers given out are never used again. */
final class HandlerTable {
    private final ConcurrentHashMap<Integer, Registration> handlers = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger(Handles.FIRST_DYNAMIC);

    /** Adds a handler and returns its handle. */
    int add(Registration registration) {
        Registration added = registration.handle == 0 ? registration.on(next.getAndIncrement()) : registration;
        if (added.overwriting) {
            handlers.put(added.handle, added);
        } else if (handlers.putIfAbsent(added.handle, added) != null) {
            throw new IllegalStateException("handle " + Handles.name(added.handle) + " has a handler already");
        }
        return added.handle;
    }

    @Nullable
    Registration find(int handle) {
        return handlers.get(handle);
    }

    /** Removes whatever handler is there; returns whether there was one. */
    boolean remove(int handle) {
        return handlers.remove(handle) != null;
    }

    /** Removes this very handler; returns false when somebody else was faster. */
    boolean remove(Registration registration) {
        return handlers.remove(registration.handle, registration);
    }

    /** Removes and returns the handlers that wait for {@code contextId}. */
    List<Registration> removeWaitingFor(int contextId) {
        List<Registration> removed = new ArrayList<>();
        for (Registration registration : handlers.values()) {
            if (registration.respondent == Integer.toUnsignedLong(contextId) && remove(registration)) {
                removed.add(registration);
            }
        }
        return removed;
    }

    /** Removes and returns all handlers. */
    List<Registration> removeAll() {
        List<Registration> removed = new ArrayList<>();
        for (Registration registration : handlers.values()) {
            if (remove(registration)) {
                removed.add(registration);
            }
        }
        return removed;
    }
}
