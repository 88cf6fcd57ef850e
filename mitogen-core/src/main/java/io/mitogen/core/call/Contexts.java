// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.Worlds;
import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.pickle.Globals;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Message;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The contexts that a router knows, one instance an id, and what they share. Any thread. */
public final class Contexts implements RouterListener {
    private static final long CALLBACK_THREAD_IDLE_NS = 5_000_000_000L;

    /** Contexts of which the registry remembers how they ended, the last ones. */
    private static final int KEPT_ENDS = 1_000;

    private final Router router;
    private final Globals globals;
    private final ConcurrentHashMap<Integer, Context> known = new ConcurrentHashMap<>();
    private final ArrayDeque<Context> ended = new ArrayDeque<>(2); // inside turns; all of them are known, too
    private final AtomicLong chains = new AtomicLong();
    private final ClassLoader callbackLoader = Thread.currentThread().getContextClassLoader();
    private volatile @Nullable Thread callThread; // set once, by the dispatcher
    private volatile @Nullable Worlds worlds;
    private @Nullable ThreadPoolExecutor callbacks; // guarded by this; its threads end when idle
    private long callbackThreadIdleNs = CALLBACK_THREAD_IDLE_NS; // guarded by this

    /** Makes a registry; the context class loader of callbacks will be that of the calling thread. */
    public Contexts(Router router) {
        this.router = router;
        this.globals = WireGlobals.of(this);
        router.listeners().add(this);
    }

    public Router router() {
        return router;
    }

    /** Returns what may be unpickled in this process. */
    public Globals globals() {
        return globals;
    }

    /** Returns the context {@code id}; a name that is given replaces a missing one. */
    public Context get(int id, @Nullable String name) {
        Context context = known.get(id);
        if (context == null) {
            Context made = new Context(this, id, name);
            context = known.putIfAbsent(id, made);
            if (context == null) {
                context = made;
            }
        }
        context.suggestName(name);
        return context;
    }

    /** Gives {@code context} a name in the place of the one that somebody on the way told. */
    public void name(Context context, String name) {
        context.name(name);
    }

    /** Says how {@code context} is reached from here. */
    public void path(Context context, String path) {
        context.path(path);
    }

    /**
     * Returns the context that a message names. A master knows every context there is: of one without a route it returns an
     * address that is gone already, and remembers nothing, so that no peer can fill its memory with names.
     */
    Context received(int id, @Nullable String name) {
        String safe = name == null ? null : Printable.line(name);
        if (!isUnreachable(id) || known.containsKey(id)) {
            return get(id, safe);
        }
        Context stranger = new Context(this, id, safe);
        stranger.onGone(Context.UNREACHABLE);
        return stranger;
    }

    /** Tells whether this is a master that has no route to {@code id}: only there does that mean that it does not live. */
    boolean isUnreachable(int id) {
        return router.identity().isMaster() && router.identity().id() != id && router.route(id) == null;
    }

    /** Has {@code given} say which classes the calls from here, and those that come here, are to run with. */
    public void worlds(Worlds given) {
        worlds = given;
    }

    @Nullable
    Worlds worlds() {
        return worlds;
    }

    /** Returns the class that a call names, and enters the world that it names in front. */
    String enter(String name) {
        return name.startsWith("/") && worlds != null ? worlds.enter(name) : name;
    }

    /** Returns the value in the body of {@code message}. */
    @Nullable
    Object unpickle(Message message) {
        return PickleReader.fromParts(message.parts(), globals);
    }

    /** Returns a name for a chain that no other caller of the tree uses. */
    String newChainId() {
        return Integer.toUnsignedString(router.identity().id()) + "-" + Long.toHexString(chains.incrementAndGet());
    }

    /** Sets the thread that runs the calls which come to this context. */
    void callThread(Thread thread) {
        callThread = thread;
    }

    /** Fails where a call to this context itself would wait for its own end. */
    void checkMayCall(Context target, String what) {
        if (target.id() == router.identity().id() && Thread.currentThread() == callThread) {
            throw new IllegalStateException(
                    what + " from the thread that runs the calls of this very context, which would wait for itself;"
                            + " run the method directly, or use callAsync and do not wait");
        }
    }

    /** Returns a new lane for callbacks: it never runs inside a turn. */
    public Lane newLane() {
        return new Lane(callbackExecutor());
    }

    private synchronized ThreadPoolExecutor callbackExecutor() {
        if (callbacks == null) {
            callbacks = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    callbackThreadIdleNs,
                    TimeUnit.NANOSECONDS,
                    new SynchronousQueue<>(),
                    this::newCallbackThread);
        }
        return callbacks;
    }

    private Thread newCallbackThread(Runnable work) {
        Thread thread = Threads.daemon("callback", work);
        thread.setContextClassLoader(callbackLoader); // from Java 19 on it has the system's else
        return router.broker().threads().told(router, thread);
    }

    /**
     * Has threads for callbacks end as soon as they have nothing to do: there are few callbacks, or none, from now on. Takes no
     * memory, as this may be the end of a full heap.
     */
    public synchronized void drain() {
        callbackThreadIdleNs = 1;
        if (callbacks != null) {
            callbacks.setKeepAliveTime(callbackThreadIdleNs, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {
        Context gone = known.get(contextId);
        if (gone != null) {
            if (gone.knownEnd() == null) {
                keep(gone, reason);
            }
            NoReplyCalls unheard = gone.noReplyCalls;
            if (unheard != null && (over == null || over == router.parent() || over.isEndAsked())) {
                unheard.forget(); // it lived above or beside this one, or was told to end
            }
            gone.onGone(reason);
        }
    }

    private void keep(Context gone, String reason) {
        if (reason.equals(Context.UNREACHABLE)) { // nobody knows that it ever lived
            known.remove(gone.id());
            return;
        }
        ended.addLast(gone);
        if (ended.size() > KEPT_ENDS) {
            Context oldest = ended.removeFirst();
            known.remove(oldest.id(), oldest);
        }
    }

    @Override
    public @Nullable String endOf(int contextId) {
        Context context = known.get(contextId);
        return context == null ? null : context.knownEnd();
    }

    /** With the parent goes whatever was reached through it. */
    @Override
    public void onLinkGone(Link link, String reason) {
        if (link == router.parent()) {
            for (int id : known.keySet()) {
                if (id != router.identity().id() && router.route(id) == null) {
                    onContextGone(id, link, reason);
                }
            }
        }
    }
}
