// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.route.Router;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The running child, given to functions that have a parameter of this type: who it is, its parent, and the way to start
 * children of its own. Any thread; {@link #connect} waits, so it refuses inside a turn of the broker.
 */
public final class ChildContext {
    /** The class that makes a child a parent; it lives in the master's module and is shipped when first needed. */
    private static final String PARENTHOOD = "io.mitogen.parent.Parenthood";

    private final Contexts contexts;
    private final Context self;
    private final Launcher launcher;
    private final ClassLoader loader;
    private final Set<ProcessHandle> spared = ConcurrentHashMap.newKeySet();
    private @Nullable Connector connector; // guarded by this

    /** What a child must know to start others like itself. Immutable, any thread. */
    public interface Launcher {
        /** Returns the deflated core, as it came from the parent. */
        byte[] corePayload();

        /** Returns the settings that children inherit. */
        Kwargs inherited();
    }

    public ChildContext(Contexts contexts, Context self, Launcher launcher, ClassLoader loader) {
        this.contexts = contexts;
        this.self = self;
        this.launcher = launcher;
        this.loader = loader;
    }

    /** Returns this context. */
    public Context self() {
        return self;
    }

    /** Returns the context that started this one. */
    public Context parent() {
        return contexts.get(router().identity().parentId(), null);
    }

    /** Returns the master of the tree. */
    public Context master() {
        return contexts.get(io.mitogen.core.route.Identity.MASTER, "master");
    }

    /** Opens a mailbox for messages of anybody. */
    public Receiver receiver() {
        return Receiver.open(contexts);
    }

    /** Starts a context below this one and waits until it is ready, or has failed. */
    public Context connect(ConnectionMethod method) {
        String what = "connecting " + method;
        Receiver.refuseInTurn(router(), what);
        return Connector.await(connectAsync(method), what);
    }

    /** Begins to start a context below this one. */
    public CompletableFuture<Context> connectAsync(ConnectionMethod method) {
        return connector().connectAsync(method);
    }

    /** Returns the router, for the library's own modules. */
    public Router router() {
        return contexts.router();
    }

    /** Returns the registry of contexts, for the library's own modules. */
    public Contexts contexts() {
        return contexts;
    }

    /** Returns what is needed to start others like this, for the library's own modules. */
    public Launcher launcher() {
        return launcher;
    }

    /** Returns the loader of shipped classes. */
    public ClassLoader loader() {
        return loader;
    }

    /** Has {@code process}, and those below it, outlive this one, for the library's own modules: a detached context. */
    public void spare(ProcessHandle process) {
        spared.add(process);
    }

    /** Tells whether a process below this one is to outlive it. */
    public boolean isSpared(ProcessHandle process) {
        return spared.contains(process)
                || !spared.isEmpty()
                        && process.parent().isPresent()
                        && isSpared(process.parent().get());
    }

    private synchronized Connector connector() {
        if (connector == null) {
            try {
                connector = (Connector) Class.forName(PARENTHOOD, true, loader)
                        .getMethod("enter", ChildContext.class)
                        .invoke(null, this);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(self + " cannot become a parent: " + e.getCause(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(self + " cannot become a parent: " + e, e);
            }
        }
        return connector;
    }
}
