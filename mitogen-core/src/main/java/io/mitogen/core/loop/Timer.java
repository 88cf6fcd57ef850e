// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.AnyThread;

/** One appointment of a broker. */
public final class Timer {
    final long atNs;
    final Runnable task;
    private volatile boolean cancelled;

    Timer(long atNs, Runnable task) {
        this.atNs = atNs;
        this.task = task;
    }

    /** Makes sure that the task does not begin any more. Cancelling again, or too late, does nothing. */
    @AnyThread
    public void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
