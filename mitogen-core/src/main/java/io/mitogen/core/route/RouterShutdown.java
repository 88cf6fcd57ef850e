// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.concurrent.WaitTimeoutException;
import java.time.Duration;
import java.util.Set;

/**
 * The end of one router whose broker goes on: its children are asked to end; what has not ended when the broker's grace is over
 * is closed by force; then everything that waits on the router fails.
 */
final class RouterShutdown implements RouterListener, Runnable {
    private final Router router;
    private final Latch<Link> gone = new Latch<>();

    RouterShutdown(Router router) {
        this.router = router;
    }

    @Override
    public void run() {
        boolean wait = !router.broker().inTurn();
        if (wait && router.broker().isClosed()) {
            router.broker().close(); // its end fails all handlers
            return;
        }
        router.listeners().add(this);
        router.broker().tryDefer(() -> {
            Set<Link> links = router.childLinks();
            for (Link link : links) {
                link.shutdownPeer();
            }
            if (links.isEmpty()) {
                gone.close(Router.CLOSED);
            }
        });
        if (wait) {
            await();
        }
        router.listeners().remove(this);
        router.broker().tryDefer(() -> {
            for (Link link : router.childLinks()) {
                link.stream().close("closed by force at the end of the shutdown's grace time");
            }
            router.onExit(Router.CLOSED);
            router.broker().listeners().remove(router);
        });
        if (wait && router.broker().isClosed()) { // meanwhile
            router.broker().close();
        }
    }

    private void await() {
        Deadline deadline = Deadline.after(Duration.ofNanos(router.broker().graceNs()));
        boolean interrupted = false;
        while (router.broker().thread().isAlive() && !router.childLinks().isEmpty()) {
            try {
                gone.get(deadline);
            } catch (LatchClosedException | WaitTimeoutException expected) { // no child is left, or they had their time
                break;
            } catch (InterruptedException expected) { // the children must not outlive an interrupted caller
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        gone.put(link);
    }
}
