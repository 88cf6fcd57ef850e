// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.AnyThread;
import io.mitogen.core.Nullable;

/** One appointment of a broker. */
public final class Timer {
    final long atNs;
    private volatile @Nullable Runnable task; // null when cancelled: its queue may keep a timer until it is due

    Timer(long atNs, Runnable task) {
        this.atNs = atNs;
        this.task = task;
    }

    /** Makes sure that the task does not begin any more. Cancelling again, or too late, does nothing. */
    @AnyThread
    public void cancel() {
        task = null;
    }

    /** Returns what to do, null when nothing is any more. */
    @Nullable
    Runnable task() {
        return task;
    }
}
