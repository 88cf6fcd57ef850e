// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.util.ArrayList;
import java.util.List;

/** Notes how long the broker would have slept, and does what a test wants to happen meanwhile. For the test's own thread. */
final class FakePoller implements Poller {
    final List<Long> waits = new ArrayList<>();
    int wakeups;
    boolean closed;
    Runnable meanwhile = () -> {};

    @Override
    public void poll(long waitNs) {
        waits.add(waitNs);
        meanwhile.run();
    }

    @Override
    public int dispatch() {
        return 0;
    }

    @Override
    public void wakeup() {
        wakeups++;
    }

    @Override
    public void close() {
        closed = true;
    }
}
