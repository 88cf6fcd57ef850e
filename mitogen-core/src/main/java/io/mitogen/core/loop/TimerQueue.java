// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The timers of a broker by due time. Instants are compared by difference. */
@BrokerThread
final class TimerQueue {
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(4, new Comparator<Timer>() {
        @Override
        public int compare(Timer a, Timer b) {
            return Long.signum(a.atNs - b.atNs);
        }
    });

    void add(Timer timer) {
        timers.add(timer);
    }

    /** Removes and returns the timer that has been due for longest, null when none is. */
    @Nullable
    Timer pollDue(long nowNs) {
        return nanosToNext(nowNs) <= 0 ? timers.remove() : null;
    }

    /** Returns the nanoseconds until something is due, at most 0 when it is, {@code Long.MAX_VALUE} when there is nothing. */
    long nanosToNext(long nowNs) {
        Timer next = timers.peek();
        while (next != null && next.task() == null) {
            timers.remove();
            next = timers.peek();
        }
        return next == null ? Long.MAX_VALUE : next.atNs - nowNs;
    }
}
