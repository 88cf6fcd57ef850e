// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Starts contexts. Any thread. */
public interface Connector {
    /**
     * Begins to connect and returns at once; the result never completes on a broker's turn. Cancelling it gives the attempt up
     * and leaves nothing of it.
     */
    CompletableFuture<Context> connectAsync(ConnectionMethod method);

    /**
     * Waits for an attempt.
     *
     * @param what is done, for the message when the calling thread is interrupted: the attempt is given up then
     */
    static Context await(CompletableFuture<Context> attempt, String what) {
        try {
            return attempt.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw new IllegalStateException(what + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            attempt.cancel(true);
            throw CallInterruptedException.of(what + ", given up");
        }
    }
}
