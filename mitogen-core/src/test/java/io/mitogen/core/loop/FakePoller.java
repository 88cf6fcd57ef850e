// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import java.util.ArrayList;
import java.util.List;

/** Notes how long the broker would have slept, and does what a test wants to happen meanwhile. For the test's own thread. */
final class FakePoller implements Poller {
    final List<Long> waits = new ArrayList<>();
    int wakeups;
    boolean closed;
    Runnable meanwhile = () -> {};

    @Nullable
    Runnable ready; // what a channel brings, once

    @Override
    public void poll(long waitNs) {
        waits.add(waitNs);
        meanwhile.run();
    }

    @Override
    public int dispatch() {
        Runnable read = ready;
        ready = null;
        if (read == null) {
            return 0;
        }
        read.run();
        return 1;
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
