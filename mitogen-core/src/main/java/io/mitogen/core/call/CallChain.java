// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import java.util.concurrent.CompletableFuture;

/**
 * Calls to one context that are sent without waiting and fail together: after the first one that fails, the ones behind it
 * are not run but give the same error. Any thread; the order is that of the calls made.
 *
 * <p>Only what fails over there counts: a call that is refused here, as one whose argument may not be sent, was never part of
 * the chain. The other end remembers a failure until {@link #reset} or {@link #close}, so close what you open.
 */
public final class CallChain extends Caller implements AutoCloseable {
    private final Context target;
    private String id; // guarded by this

    CallChain(Context target) {
        this.target = target;
        this.id = target.contexts().newChainId();
    }

    /** Returns the context that is called. */
    public Context target() {
        return target;
    }

    private synchronized String id() {
        return id;
    }

    @Override
    @Nullable
    Object invoke(Callee callee, Object[] arguments) {
        return PendingCall.await(target, id(), callee, arguments);
    }

    @Override
    CompletableFuture<Object> invokeAsync(Callee callee, Object[] arguments) {
        return PendingCall.start(target, id(), callee, arguments);
    }

    /** A failure of such a call is not logged there: it shows in the calls behind it. */
    @Override
    void invokeNoReply(Callee callee, Object[] arguments) {
        PendingCall.send(target, id(), callee, arguments);
    }

    /** Forgets a failure: calls from now on are run again. */
    public void reset() {
        String old;
        synchronized (this) {
            old = id;
            id = target.contexts().newChainId();
        }
        PendingCall.forgetChain(target, old);
    }

    /** Lets the other end forget this chain. Does not wait, and does nothing when the context is gone. */
    @Override
    public void close() {
        reset();
    }
}
