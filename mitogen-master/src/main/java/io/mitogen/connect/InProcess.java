// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.SelfConnecting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A context in the process of its parent, for unit tests and benchmarks: calls, class shipping and routing are those of any other
 * context, without the start of a process. A value; each method returns a changed copy.
 *
 * <p>Its classes come from the master into a class loader of its own, so their static state is apart from the parent's. What a
 * process has only one of is shared: what the context prints is not captured, {@code System.exit} ends the parent, too, and a
 * function that hangs is interrupted when the context ends, but cannot be killed.
 */
public record InProcess(ContextOptions common) implements SelfConnecting {
    /** Returns a context with nothing chosen. */
    public static InProcess create() {
        return new InProcess(ContextOptions.DEFAULT);
    }

    /** Makes the value again that {@link #options} described. */
    public static InProcess fromOptions(Kwargs options) {
        return new InProcess(ContextOptions.fromKwargs(options));
    }

    /** With a name of its own, for the logs: 1 to 99 characters, no slash. The name of a context via {@code b} is {@code b.NAME}. */
    public InProcess name(String name) {
        return new InProcess(common.withName(Objects.requireNonNull(name, "name")));
    }

    /** With jars and folders that are searched before the master is asked for a class. */
    public InProcess classPath(String... paths) {
        return new InProcess(common.withClassPath(List.of(paths)));
    }

    /** Logging everything. */
    public InProcess debug() {
        return new InProcess(common.withDebug(true));
    }

    /** Ready within this time, or the attempt fails; 30 seconds when not set. */
    public InProcess connectTimeout(Duration timeout) {
        return new InProcess(common.withConnectTimeout(timeout));
    }

    /** Started by another context, in that context's process. */
    public InProcess via(Context context) {
        return new InProcess(common.withVia(Objects.requireNonNull(context, "context")));
    }

    @Override
    public Kwargs options() {
        return common.toKwargs();
    }

    @Override
    public CompletableFuture<Context> connect(Parenthood parent) {
        return parent.connectGuest(common);
    }

    @Override
    public String toString() {
        return common.name() == null ? "InProcess" : "InProcess " + common.name();
    }
}
