// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A context, remote or this very process: an address to call and send to. May itself be sent. Any thread. */
public final class Context extends Caller implements Reducible {
    /** Longest name that Python accepts in a pickled context. */
    static final int MAX_WIRE_NAME_CHARS = 99;

    /** Why a context is gone that the master has no route to. */
    static final String UNREACHABLE = "there is no route to it";

    private final Contexts contexts;
    private final int id;
    private @Nullable List<GoneListener> goneListeners = new ArrayList<>(0); // guarded by this; null once all are told
    private volatile @Nullable String name;
    private volatile @Nullable String path;
    private volatile @Nullable String goneReason;
    private volatile long goneAtMs; // since 1970; set before the reason
    volatile @Nullable NoReplyCalls noReplyCalls; // made on first use, by that class; this one must not need it before
    private @Nullable Lane callbacks; // guarded by this

    Context(Contexts contexts, int id, @Nullable String name) {
        this.contexts = contexts;
        this.id = id;
        this.name = name;
    }

    /** Returns the number that is unique in the tree; 0 is the master. */
    public int id() {
        return id;
    }

    /** Returns the name, as {@code local.4711}, or {@code context 5} when nobody said it. */
    public String name() {
        String known = name;
        return known == null ? "context " + Integer.toUnsignedString(id) : known;
    }

    void suggestName(@Nullable String suggested) {
        if (name == null && suggested != null) {
            name = suggested;
        }
    }

    void name(String value) {
        name = value;
    }

    /**
     * Returns who connects where, as whom and with which tool, from this process to the context, as {@code ops@laptop -> Ssh
     * deploy@bastion:2222 -> Sudo root}. Of a context that another one connected it has in parentheses the name that was told; where
     * nothing is known it is the name.
     */
    public String path() {
        String known = path;
        return known == null ? name() : known;
    }

    void path(String value) {
        path = value;
    }

    Contexts contexts() {
        return contexts;
    }

    // == Calls ==

    @Override
    @Nullable
    Object invoke(Callee callee, Object[] arguments) {
        return PendingCall.await(this, null, callee, arguments);
    }

    @Override
    CompletableFuture<Object> invokeAsync(Callee callee, Object[] arguments) {
        return PendingCall.start(this, null, callee, arguments);
    }

    @Override
    void invokeNoReply(Callee callee, Object[] arguments) {
        PendingCall.send(this, null, callee, arguments);
    }

    /** Returns a new chain of calls to this context: after the first that fails, the others fail with the same error. */
    public CallChain chain() {
        return new CallChain(this);
    }

    // == Messages ==

    /**
     * Sends {@code value} to a handle of this context; what cannot be delivered there is dropped.
     *
     * @throws ContextGoneException when this context is known to have gone; nothing is sent
     */
    public void send(int handle, @Nullable Object value) {
        byte[] body = PickleWriter.toBytes("value", value);
        if (goneReason != null) {
            ChannelException.refuse(handle, this, knownEnd()); // which throws: this class must not need the exception's
        }
        contexts.router().send(Message.to(id, handle, Handles.NONE, body));
    }

    /** Opens a mailbox of this process that takes messages of this context only, and learns when it goes. */
    public Receiver receiver() {
        return Receiver.from(contexts, this);
    }

    // == The end ==

    /** Asks this context to end, and returns at once; {@link #onGone} tells when it has. Does nothing when it has gone. */
    public void shutdown() {
        NoReplyCalls unheard = noReplyCalls;
        if (unheard != null) {
            unheard.forget(); // whoever tells a context to end gives up what it has not run
        }
        contexts.router().send(Message.empty(id, Handles.SHUTDOWN, Handles.NONE));
    }

    /**
     * Calls {@code listener} with the reason, once, when this context can no longer be reached, also when that is so
     * already. Never called inside a turn of the broker.
     */
    public void onGone(Consumer<String> listener) {
        GoneListener waiting = new GoneListener(Objects.requireNonNull(listener, "listener"));
        String reason = goneReason();
        synchronized (this) {
            if (goneListeners != null && (reason == null || goneReason != null)) {
                goneListeners.add(waiting); // while the others are told, too: it is told after them
                waiting = null;
            }
        }
        if (waiting != null) {
            waiting.tell(callbacks(), goneReason == null ? reason : goneReason);
        } else if (reason == null) {
            Watch.begin(contexts.router(), id);
        }
    }

    /** Returns why this context can no longer be reached, null while it can, as far as is known. */
    @Nullable
    String goneReason() {
        String reason = goneReason;
        return reason == null && contexts.isUnreachable(id) ? UNREACHABLE : reason;
    }

    /** Returns how and when this context ended, null until that is known. */
    @Nullable
    String knownEnd() {
        String reason = goneReason;
        return reason == null || reason.startsWith(UNREACHABLE)
                ? reason // it ended before anybody here knew
                : reason + " at " + UtcTime.of(goneAtMs);
    }

    /**
     * Completes when this context can no longer be reached, with the reason. Each call makes a future that is kept until then, even
     * if it is cancelled: keep one rather than ask again and again.
     */
    public CompletableFuture<String> gone() {
        CompletableFuture<String> gone = new CompletableFuture<>();
        onGone(new Consumer<String>() {
            @Override
            public void accept(String reason) {
                gone.complete(reason);
            }
        });
        return gone;
    }

    /** The router lost this context. Inside a turn. Called again when it threw an error. */
    void onGone(String reason) {
        if (goneReason == null) {
            goneAtMs = System.currentTimeMillis();
            goneReason = reason;
        }
        GoneListener next = goneListener(0);
        for (int i = 1; next != null; i++) {
            next.tell(callbacks(), goneReason);
            next = goneListener(i);
        }
        NoReplyCalls unheard = noReplyCalls;
        if (unheard != null) { // last: on a full heap a log handler may need seconds
            unheard.onGone(this, goneReason);
        }
    }

    /** Returns the listener at {@code index}; behind the last one null, and the others will be told at once. */
    private synchronized @Nullable GoneListener goneListener(int index) {
        if (goneListeners != null && index == goneListeners.size()) {
            goneListeners = null;
        }
        return goneListeners == null ? null : goneListeners.get(index);
    }

    /** Returns the lane of this context's callbacks. */
    synchronized Lane callbacks() {
        if (callbacks == null) {
            callbacks = contexts.newLane();
        }
        return callbacks;
    }

    // == As a value ==

    @Override
    public String globalModule() {
        return "mitogen.core";
    }

    @Override
    public String globalName() {
        return "_unpickle_context";
    }

    @Override
    public Tuple arguments() {
        String known = name;
        boolean fits = known == null || known.length() <= MAX_WIRE_NAME_CHARS;
        return Tuple.of(PickleWriter.unsigned(id), fits ? known : known.substring(0, MAX_WIRE_NAME_CHARS));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Context && ((Context) other).id == id && ((Context) other).contexts == contexts;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return "Context(" + Integer.toUnsignedString(id) + ", " + name() + ")";
    }
}
