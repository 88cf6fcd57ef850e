// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An attempt that another context makes for this one. That one keeps the deadline; here its outcome is waited for a little longer,
 * in case it hangs. Whatever it says is checked: it may be hostile. A context that is up when nobody wants it any more is ended.
 */
@BrokerThread
public abstract class RemoteAttempt implements Attempt {
    private static final int MAX_NAME_CHARS = 500; // names get longer with the depth of the tree
    private static final Duration ANSWER_TIME = Duration.ofSeconds(2);
    private static final int MAX_TEXT_CHARS = 20_000;

    final Parenthood parenthood;
    final Router router;
    final Broker broker;
    final Context via;
    final Hop hop;
    private final Duration timeout;
    private final boolean python;
    private final CompletableFuture<Context> result = new CompletableFuture<>();
    private @Nullable Timer deadline;
    private boolean over;

    protected RemoteAttempt(Parenthood parenthood, Context via, ConnectionMethod method, ContextOptions common) {
        this.parenthood = parenthood;
        this.router = parenthood.router();
        this.broker = router.broker();
        this.via = via;
        this.hop = Hop.of(common.describe(method), via.name(), via.path());
        this.timeout = common.connectTimeout();
        this.python = common.isPython();
    }

    /** Returns the router of who wants the context. */
    @AnyThread
    protected final Router router() {
        return router;
    }

    /** Returns the context that makes the attempt. */
    @AnyThread
    protected final Context via() {
        return via;
    }

    /** Asks {@link #via}. */
    protected abstract void ask();

    /** Drops what was kept to ask with, which may be secret, and tells {@link #via}, if it still is at it, that nobody wants it. */
    protected abstract void onOver();

    @Override
    @AnyThread
    public final CompletableFuture<Context> result() {
        return result;
    }

    @Override
    @AnyThread
    public final int starterId() {
        return via.id();
    }

    @Override
    public final void onBegin() {
        deadline = broker.after(timeout.plus(ANSWER_TIME).toNanos(), this::onTimeout);
        ask();
    }

    private void onTimeout() {
        fail(ConnectException.Reason.TIMEOUT, "it did not answer within " + timeout.toMillis() + " ms");
    }

    final boolean isOver() {
        return over;
    }

    /**
     * The context that the answer names must have its id from {@link #via} and still be there.
     *
     * <p>Its name is made here, since a Python context between tells of routes without its own name.
     *
     * @param told its name in {@link #via}
     */
    protected final void onUp(int contextId, String told) {
        Link link = router.route(contextId);
        if (link == null
                || link != router.route(via.id())
                || !parenthood.settings().guard().isOwner(via.id(), contextId)) {
            String how = parenthood.contexts().endOf(contextId);
            fail(
                    ConnectException.Reason.VIA_GONE,
                    "context " + Integer.toUnsignedString(contextId)
                            + (how == null ? " is gone already, or not behind it" : " is gone already: " + how));
            return;
        }
        Context context = parenthood.contexts().get(contextId, null);
        if (!over) {
            if (python) {
                parenthood.notePython(contextId);
            }
            parenthood.contexts().path(context, hop.path());
            parenthood.contexts().name(context, nameBelowVia(told));
            parenthood.deliver(this, context);
            end();
        } else {
            context.shutdown();
        }
    }

    /** Has {@code other} bring the outcome of this attempt. */
    final void handOver(CompletableFuture<Context> other) {
        if (!over) {
            result.whenComplete((context, failure) -> other.cancel(false)); // it is done, or nobody wants it any more
            other.whenComplete((context, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else if (!result.complete(context)) {
                    context.shutdown();
                }
            });
            end();
        } else {
            other.cancel(false);
        }
    }

    private String nameBelowVia(String told) {
        return Printable.line(via.name() + "." + told, MAX_NAME_CHARS);
    }

    @Override
    public final void fail(ConnectException.Reason reason, String text) {
        fail(hop.failure(reason, text, List.of()));
    }

    /** Fails the attempt because {@link #via} has gone; says how and when, or {@code reason} where that is not known. */
    protected final void failGone(String reason) {
        String how = parenthood.contexts().endOf(via.id());
        fail(ConnectException.Reason.VIA_GONE, "that context is gone: " + (how == null ? reason : how));
    }

    /** Fails the attempt because {@link #via} could not begin it. */
    protected final void refuse(Throwable cause) {
        fail(hop.refusal(cause));
    }

    /** Returns what another context said as it may stand in a message. */
    protected static String printable(String text) {
        return Printable.text(text, MAX_TEXT_CHARS);
    }

    final void fail(ConnectException failure) {
        if (!over) {
            parenthood.deliver(this, failure);
            end();
        }
    }

    /** Ends the attempt. Called last: the end of the broker must still find an attempt that an error broke off. */
    private void end() {
        if (over) {
            return;
        }
        if (deadline != null) {
            deadline.cancel();
        }
        over = true;
        onOver();
        parenthood.onOver(this);
    }

    @Override
    public final String toString() {
        return "connecting " + hop;
    }
}
