// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import java.util.concurrent.CompletableFuture;

/**
 * A connection method that needs no process. Any thread. An implementation has a static method {@code fromOptions(Kwargs)} that
 * makes it again from {@link #options}.
 */
public interface SelfConnecting extends ConnectionMethod {
    /** Returns what every method has in common; where it says {@code via}, another context makes the value again and connects. */
    ContextOptions common();

    /** Begins to connect a child of {@code parent}. */
    CompletableFuture<Context> connect(Parenthood parent);
}
