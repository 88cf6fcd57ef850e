// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.util.concurrent.locks.LockSupport;

/** Waits without any channel: all that a context needs that is nobody's parent. */
final class ParkingPoller implements Poller {
    private final Thread sleeper;

    ParkingPoller(Thread sleeper) {
        this.sleeper = sleeper;
    }

    @Override
    public void poll(long waitNs) {
        if (waitNs > 0) {
            LockSupport.parkNanos(this, waitNs);
        }
    }

    @Override
    public int dispatch() {
        return 0;
    }

    @Override
    public void wakeup() {
        LockSupport.unpark(sleeper);
    }

    @Override
    public void close() {}
}
