// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.util.concurrent.CompletableFuture;

/** Starts contexts. Any thread. */
public interface Connector {
    /** Begins to connect and returns at once; the result never completes on a broker's turn. */
    CompletableFuture<Context> connectAsync(ConnectionMethod method);
}
