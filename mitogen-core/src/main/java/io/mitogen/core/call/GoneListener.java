// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Lane;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Waits for the end of a context, and is the task that tells of it. Any thread. */
final class GoneListener implements Runnable {
    private final Consumer<String> listener;
    private final AtomicBoolean told = new AtomicBoolean();
    private @Nullable String reason; // set by whoever set told

    GoneListener(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Returns false when somebody else has done it. What {@code callbacks} throws is thrown, and the next may try again. */
    boolean tell(Lane callbacks, String why) {
        if (!told.compareAndSet(false, true)) {
            return false;
        }
        boolean isTold = false;
        try {
            reason = why;
            callbacks.execute(this);
            isTold = true;
        } finally {
            told.set(isTold);
        }
        return true;
    }

    @Override
    public void run() {
        listener.accept(reason);
    }
}
