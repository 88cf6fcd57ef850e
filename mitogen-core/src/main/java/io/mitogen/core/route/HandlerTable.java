// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Handles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The handlers of a context by handle. Any thread. Numbers given out are not used again for 2^32 others. */
final class HandlerTable {
    private final ConcurrentHashMap<Integer, Registration> handlers = new ConcurrentHashMap<>();
    private final AtomicInteger next;

    HandlerTable() {
        this(Handles.FIRST_DYNAMIC);
    }

    /** For tests: begins to number elsewhere. */
    HandlerTable(int firstDynamic) {
        next = new AtomicInteger(firstDynamic);
    }

    /** Adds a handler and returns its handle. */
    int add(Registration registration) {
        if (registration.handle == 0) {
            return addDynamic(registration);
        }
        if (registration.overwriting) {
            handlers.put(registration.handle, registration);
        } else if (handlers.putIfAbsent(registration.handle, registration) != null) {
            throw new IllegalStateException("handle " + Handles.name(registration.handle) + " has a handler already");
        }
        return registration.handle;
    }

    private int addDynamic(Registration registration) {
        while (true) {
            int handle = next.getAndIncrement();
            // after 2^32 handlers the count begins anew, behind the reserved numbers and around what is still in use
            if (Integer.compareUnsigned(handle, Handles.FIRST_DYNAMIC) >= 0
                    && handlers.putIfAbsent(handle, registration.on(handle)) == null) {
                return handle;
            }
        }
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
