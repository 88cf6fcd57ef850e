// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.call.Dispatcher;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a child that is a guest in somebody's process, in the order of {@link Shutdown}, but nothing that is not its own. A
 * function that hangs is interrupted when the link is closed, so that nobody hears of it. Any thread.
 */
final class GuestShutdown implements Runnable {
    private final Router router;
    private final Dispatcher dispatcher;
    private final InputStream in;
    private final OutputStream out;
    private final Thread main = Thread.currentThread();
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Made on the guest's main thread. */
    GuestShutdown(Router router, Dispatcher dispatcher, InputStream in, OutputStream out) {
        this.router = router;
        this.dispatcher = dispatcher;
        this.in = in;
        this.out = out;
    }

    /** Begins to end the guest and returns. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            boolean isStarted = false;
            try {
                router.broker()
                        .threads()
                        .told(this, Threads.daemon("exit", this))
                        .start();
                isStarted = true;
            } finally {
                begun.set(isStarted); // if no thread can be had, the broker dies and calls this again
            }
        }
    }

    @Override
    public void run() {
        dispatcher.stop("the context is shutting down");
        Link parent = router.parent();
        router.broker().close();
        if (parent != null) {
            Shutdown.drain(parent);
        }
        try {
            in.close();
            out.close();
        } catch (IOException expected) {
            // the parent closed them first
        }
        main.interrupt();
    }
}
