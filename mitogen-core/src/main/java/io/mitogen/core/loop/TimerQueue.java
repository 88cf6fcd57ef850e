// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The timers of a broker by due time. Instants are compared by difference. */
@BrokerThread
final class TimerQueue {
    private static final int MIN_SWEPT = 64;

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(4, new Comparator<Timer>() {
        @Override
        public int compare(Timer a, Timer b) {
            return Long.signum(a.atNs - b.atNs);
        }
    });
    private int sweepAt = MIN_SWEPT;

    void add(Timer timer) {
        if (timers.size() >= sweepAt) {
            sweep();
        }
        timers.add(timer);
    }

    /** Drops cancelled timers; as many are added before the next time as are left now. */
    private void sweep() {
        Timer[] all = timers.toArray(new Timer[0]);
        timers.clear();
        for (Timer timer : all) {
            if (timer.task() != null) {
                timers.add(timer);
            }
        }
        sweepAt = 2 * timers.size() + MIN_SWEPT;
    }

    int size() {
        return timers.size();
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
