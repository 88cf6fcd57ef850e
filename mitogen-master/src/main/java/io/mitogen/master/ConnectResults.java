// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.call.CallInterruptedException;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Connector;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.route.Router;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

/**
 * The results of {@link MasterRouter#connectAll} in the order in which the attempts end: each comes out once, of one iterator. Any
 * thread, but one at a time iterates.
 */
public final class ConnectResults implements Iterable<Connected>, Iterator<Connected>, AutoCloseable {
    private final Router router;
    private final List<ConnectionMethod> methods;
    private final List<CompletableFuture<Context>> attempts = new ArrayList<>();

    /** Indexes of attempts in the order in which they ended. An array, so that noting an end needs no memory. Guarded by this. */
    private final int[] ended;

    private int endedCount; // guarded by this
    private int taken; // by the thread that iterates

    private ConnectResults(Router router, Collection<? extends ConnectionMethod> methods) {
        this.router = router;
        this.methods = new ArrayList<>(methods);
        this.ended = new int[this.methods.size()];
    }

    /** Begins all attempts. What is no method that can be started fails like the others: separately. */
    static ConnectResults begin(Router router, Connector connector, Collection<? extends ConnectionMethod> methods) {
        ConnectResults results = new ConnectResults(router, methods);
        for (ConnectionMethod method : results.methods) {
            CompletableFuture<Context> attempt;
            try {
                attempt = connector.connectAsync(method);
            } catch (RuntimeException e) {
                attempt = CompletableFuture.failedFuture(e);
            }
            int index = results.attempts.size();
            results.attempts.add(attempt);
            attempt.whenComplete((context, failure) -> results.onEnd(index));
        }
        return results;
    }

    private synchronized void onEnd(int index) {
        ended[endedCount++] = index;
        notifyAll();
    }

    private synchronized int awaitEnd() throws InterruptedException {
        while (endedCount == taken) {
            wait();
        }
        return ended[taken];
    }

    private synchronized int endedCount() {
        return endedCount;
    }

    @Override
    public Iterator<Connected> iterator() {
        return this;
    }

    @Override
    public boolean hasNext() {
        return taken < attempts.size();
    }

    /** Waits for the next attempt that ends. An interrupt ends the wait with {@link CallInterruptedException}. */
    @Override
    public Connected next() {
        int index = nextIndex();
        return attempts.get(index)
                .handle((context, failure) -> new Connected(methods.get(index), context, failure))
                .join();
    }

    /** As {@link #next}, of which {@code key} is that of the place in the collection of methods. */
    <K> KeyedConnected<K> next(List<K> keys) {
        int index = nextIndex();
        return attempts.get(index)
                .handle((context, failure) ->
                        new KeyedConnected<>(keys.get(index), methods.get(index), context, failure))
                .join();
    }

    private int nextIndex() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + taken + " attempts have been returned");
        }
        String what = "connecting " + attempts.size() + " contexts, of which " + (endedCount() - taken) + " wait here";
        Receiver.refuseInTurn(router, what);
        try {
            int index = awaitEnd();
            taken++;
            return index;
        } catch (InterruptedException e) {
            throw CallInterruptedException.of(what);
        }
    }

    /** Gives up the attempts that have not ended; contexts that are up stay up. */
    @Override
    public void close() {
        for (CompletableFuture<Context> attempt : attempts) {
            attempt.cancel(true);
        }
    }
}
