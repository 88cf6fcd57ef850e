// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.BrokerMember;
import java.util.concurrent.CompletableFuture;

/** One attempt to start a context, which may have to wait in an queue before it begins. */
@BrokerThread
public interface Attempt extends BrokerMember {
    /** Returns what the caller gets, always the same object. It completes on a callback thread. */
    @AnyThread
    CompletableFuture<Context> result();

    /** Returns the id of the context that does the work: attempts of one context wait for each other. */
    @AnyThread
    int starterId();

    /** Begins, once, unless the attempt is over already. Its time runs from now. */
    void onBegin();

    /**
     * Fails the attempt, begun or not, and ends what it started. Does nothing when it is over. It stays with
     * the broker until the failure is delivered, so that the end of the broker fails it again after an error.
     */
    void fail(ConnectException.Reason reason, String text);

    @Override
    default void onShutdown() {
        fail(ConnectException.Reason.CANCELLED, "the broker or the router was shut down meanwhile");
    }

    @Override
    default void onForcedEnd(String reason) {
        onShutdown();
    }
}
