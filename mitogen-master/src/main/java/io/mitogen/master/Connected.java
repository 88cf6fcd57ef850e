// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;

/** How one attempt of {@link MasterRouter#connectAll} ended. Immutable, any thread. */
public final class Connected {
    private final ConnectionMethod method;
    private final @Nullable Context context;
    private final @Nullable RuntimeException failure;

    Connected(ConnectionMethod method, @Nullable Context context, @Nullable Throwable failure) {
        this.method = method;
        this.context = context;
        this.failure = failure == null || failure instanceof RuntimeException
                ? (RuntimeException) failure
                : new IllegalStateException("connecting " + method + ": " + failure, failure);
    }

    /** Returns the method that was given. */
    public ConnectionMethod method() {
        return method;
    }

    /** Tells whether the context was up when the attempt ended. */
    public boolean isUp() {
        return failure == null;
    }

    /** Returns the context; throws the {@link #failure} if there is none. */
    public Context context() {
        if (failure != null) {
            throw failure;
        }
        return context;
    }

    /**
     * Returns why there is no context: mostly an {@link io.mitogen.parent.ConnectException}.
     *
     * @throws IllegalStateException when there is one
     */
    public RuntimeException failure() {
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
