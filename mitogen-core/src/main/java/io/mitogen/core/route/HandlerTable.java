// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Handles;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The handlers of a context by handle. Any thread. Numbers given out are not used again for 2^32 others. */
final class HandlerTable {
    private static final int COUNTERS = 1024; // a power of two

    private final ConcurrentHashMap<Integer, Registration> handlers = new ConcurrentHashMap<>();

    /** Number of handlers that wait for a respondent, by the low bits of its id. */
    private final AtomicIntegerArray waiting = new AtomicIntegerArray(COUNTERS);

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
            handlers.put(registration.handle, registration); // neither of the two has a respondent
        } else if (!putIfAbsent(registration)) {
            throw new IllegalStateException("handle " + Handles.name(registration.handle) + " has a handler already");
        }
        return registration.handle;
    }

    private int addDynamic(Registration registration) {
        while (true) {
            int handle = next.getAndIncrement();
            // after 2^32 handlers the count begins anew, behind the reserved numbers and around what is still in use
            if (Integer.compareUnsigned(handle, Handles.FIRST_DYNAMIC) >= 0 && putIfAbsent(registration.on(handle))) {
                return handle;
            }
        }
    }

    private boolean putIfAbsent(Registration registration) {
        count(registration, 1); // first, so that 0 means that no handler waits
        boolean added = handlers.putIfAbsent(registration.handle, registration) == null;
        if (!added) {
            count(registration, -1);
        }
        return added;
    }

    private void count(Registration registration, int change) {
        if (registration.respondent != Registration.ANYBODY) {
            waiting.addAndGet((int) registration.respondent & COUNTERS - 1, change);
        }
    }

    @Nullable
    Registration find(int handle) {
        return handlers.get(handle);
    }

    /** Removes whatever handler is there; returns whether there was one. */
    boolean remove(int handle) {
        Registration found = handlers.get(handle);
        return found != null && remove(found);
    }

    /** Removes this very handler; returns false when somebody else was faster. */
    boolean remove(Registration registration) {
        boolean removed = handlers.remove(registration.handle, registration);
        if (removed) {
            count(registration, -1);
        }
        return removed;
    }

    /** Tells whether a handler may wait for one of these contexts, without a scan: thousands may go one by one. */
    boolean isAnyWaitingFor(int... contextIds) {
        for (int id : contextIds) {
            if (waiting.get(id & COUNTERS - 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Returns a live view of the handlers. */
    Collection<Registration> all() {
        return handlers.values();
    }
}
