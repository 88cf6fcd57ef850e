// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.parent.ConnectException;

/** How one attempt of {@link MasterRouter#connectAll} ended. Immutable, any thread. */
public sealed class Connected permits KeyedConnected {
    private final ConnectionMethod method;
    private final @Nullable Context context;
    private final @Nullable ConnectException failure;

    Connected(ConnectionMethod method, @Nullable Context context, @Nullable Throwable failure) {
        this.method = method;
        this.context = context;
        this.failure = failure == null ? null : ConnectException.of(method, failure);
    }

    /** Returns the method that was given. */
    public final ConnectionMethod method() {
        return method;
    }

    /** Tells whether the context was up when the attempt ended. */
    public final boolean isUp() {
        return failure == null;
    }

    /** Returns the context; throws the {@link #failure} if there is none. */
    public final Context context() {
        if (failure != null) {
            throw failure;
        }
        return context;
    }

    /**
     * Returns why there is no context. Where the method was no good, or the attempt was cancelled, that is the cause.
     *
     * @throws IllegalStateException when there is one
     */
    public final ConnectException failure() {
        if (failure == null) {
            throw new IllegalStateException(method + " did not fail: " + context);
        }
        return failure;
    }

    @Override
    public String toString() {
        return failure == null ? context.toString() : failure.toString();
    }
}
