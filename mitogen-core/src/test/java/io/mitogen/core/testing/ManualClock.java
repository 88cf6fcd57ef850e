// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.concurrent.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Any thread. */
public final class ManualClock implements Clock {
    private final AtomicLong nowNs;

    /** Makes a clock that is about to wrap, which no code may notice. */
    public ManualClock() {
        this(Long.MAX_VALUE - 1_000);
    }

    public ManualClock(long nowNs) {
        this.nowNs = new AtomicLong(nowNs);
    }

    @Override
    public long nanoTime() {
        return nowNs.get();
    }

    public void advanceNs(long ns) {
        nowNs.addAndGet(ns);
    }
}
