// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import java.util.concurrent.CompletableFuture;

/** A connection method that needs no process. Any thread. */
public interface SelfConnecting extends ConnectionMethod {
    /** Begins to connect a child of {@code parent}. */
    CompletableFuture<Context> connect(Parenthood parent);
}
