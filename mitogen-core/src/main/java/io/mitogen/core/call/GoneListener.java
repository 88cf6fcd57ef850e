// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Lane;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A listener for the end of a context, and the task that calls it, once. Any thread. */
final class GoneListener implements Runnable {
    private final Consumer<String> listener;
    private final AtomicBoolean told = new AtomicBoolean();
    private @Nullable String reason; // set before the task runs

    GoneListener(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Queues the call of the listener, unless that was done before. If {@code callbacks} throws, the next call tries again. */
    void tell(Lane callbacks, String why) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        boolean isTold = false;
        try {
            reason = why;
            callbacks.execute(this);
            isTold = true;
        } finally {
            told.set(isTold);
        }
    }

    @Override
    public void run() {
        listener.accept(reason);
    }
}
