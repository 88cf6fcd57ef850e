// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.wire.Handles;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls to one context that are sent without waiting and fail together: after the first one that fails, the ones behind it
 * are not run but give the same error. Any thread; the order is that of the calls made.
 *
 * <p>The other end remembers a failure until {@link #reset} or {@link #close}, so close what you open.
 */
public final class CallChain extends Caller implements AutoCloseable {
    private static final AtomicLong SERIAL = new AtomicLong();

    private final Context target;
    private volatile String id = nextId();

    CallChain(Context target) {
        this.target = target;
    }

    /** Ids must differ between all callers of one context, so they name this process, and a serial number in it. */
    private static String nextId() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + "-"
                + SERIAL.incrementAndGet();
    }

    /** Returns the context that is called. */
    public Context target() {
        return target;
    }

    @Override
    @Nullable
    Object invoke(RemoteMethod method, Object[] arguments) {
        return PendingCall.await(target, id, method, arguments);
    }

    @Override
    CompletableFuture<Object> invokeAsync(RemoteMethod method, Object[] arguments) {
        return PendingCall.start(target, id, method, arguments);
    }

    /** A failure of such a call is not logged there: it shows in the calls behind it. */
    @Override
    void invokeNoReply(RemoteMethod method, Object[] arguments) {
        PendingCall.send(target, id, method, arguments, Handles.NONE);
    }

    /** Forgets a failure: calls from now on are run again. */
    public void reset() {
        String old = id;
        id = nextId();
        PendingCall.forgetChain(target, old);
    }

    /** Lets the other end forget this chain. */
    @Override
    public void close() {
        reset();
    }
}
