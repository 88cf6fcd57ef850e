// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Message;
import java.time.Duration;

/**
 * A mailbox: messages to its handle, in the order they came. Any thread may wait on it; nothing may wait inside a turn of
 * the broker.
 *
 * <p>A dead message is an item like any other: what came before it comes out first, then it is thrown once as a
 * {@link ChannelException}, and what comes later still arrives.
 */
public final class Receiver implements AutoCloseable, Selectable {
    private static final String CLOSED = "the Receiver has been closed";

    private final Contexts contexts;
    private final int handle;
    private final Latch<Message> latch = new Latch<>();
    private final String what;
    private @Nullable Select owner; // guarded by this

    private Receiver(Contexts contexts, String what, @Nullable Context respondent, boolean oneShot) {
        this.contexts = contexts;
        this.what = what;
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Message message, @Nullable Link from) {
                Receiver.this.onMessage(message);
            }
        };
        this.handle = contexts.router()
                .addHandler(
                        respondent == null
                                ? Registration.of(handler)
                                : oneShot
                                        ? Registration.reply(handler, respondent.id())
                                        : Registration.of(handler).respondent(respondent.id()));
    }

    /** Opens a mailbox for anybody. */
    public static Receiver open(Contexts contexts) {
        return new Receiver(contexts, "waiting for a message", null, false);
    }

    /** Opens a mailbox for {@code respondent} alone. */
    static Receiver from(Contexts contexts, Context respondent) {
        return new Receiver(contexts, "waiting for a message of " + respondent.name(), respondent, false);
    }

    /** Opens a mailbox for the one answer of {@code respondent}; {@code what} says to what question. */
    static Receiver forReply(Contexts contexts, Context respondent, String what) {
        return new Receiver(contexts, what, respondent, true);
    }

    private void onMessage(Message message) {
        Select select;
        synchronized (this) {
            latch.put(message);
            select = owner;
        }
        if (select != null) {
            select.onItem(this);
        }
    }

    /** Returns the handle to which messages are sent. */
    public int handle() {
        return handle;
    }

    /** Returns the address of this mailbox, which may be sent to other contexts. */
    public Sender toSender() {
        return new Sender(contexts, contexts.router().identity().id(), handle);
    }

    /** Waits for the next value as long as it takes. */
    public @Nullable Object get() throws InterruptedException {
        return get(Deadline.never());
    }

    /**
     * Waits for the next value until {@code timeout} is over; zero does not wait.
     *
     * @throws io.mitogen.core.concurrent.WaitTimeoutException when none came in time
     * @throws ChannelException when a dead message came, or this receiver was closed
     * @throws CallException when the value is a call's failure
     */
    public @Nullable Object get(Duration timeout) throws InterruptedException {
        return get(Deadline.after(timeout));
    }

    private @Nullable Object get(Deadline deadline) throws InterruptedException {
        refuseInTurn(contexts.router(), what);
        try {
            return valueOf(latch.get(deadline));
        } catch (LatchClosedException e) {
            throw new ChannelException(io.mitogen.core.MitogenException.Blame.CALLER, what + ": " + e.getMessage());
        }
    }

    /** Refuses, loudly, what would wait inside a turn of the broker. */
    public static void refuseInTurn(Router router, String what) {
        if (router.broker().inTurn()) {
            throw new IllegalStateException(
                    what + " inside a turn of the broker, which would have to bring the answer; use another thread");
        }
    }

    private @Nullable Object valueOf(Message message) {
        return valueOf(contexts, message, what);
    }

    /** Returns the value of an answer, or throws what it stands for; {@code what} says what was asked. */
    static @Nullable Object valueOf(Contexts contexts, Message message, String what) {
        if (message.isDead()) {
            throw ChannelException.of(
                    what, message.deadReason(contexts.router().identity().id()));
        }
        Object value = contexts.unpickle(message);
        if (value instanceof CallError) {
            throw CallException.of(what, (CallError) value);
        }
        return value;
    }

    @Override
    public Object take() {
        try {
            return valueOf(latch.get(Deadline.after(Duration.ZERO)));
        } catch (InterruptedException expected) { // it does not wait
            Thread.currentThread().interrupt();
            throw new IllegalStateException(expected);
        }
    }

    @Override
    public synchronized int claim(Select select) {
        if (owner != null) {
            throw new IllegalStateException("Cannot add: Receiver is already owned by another Select");
        }
        owner = select;
        return latch.size();
    }

    @Override
    public synchronized void release() {
        owner = null;
    }

    /** Takes no more messages; whoever waits gets a {@link ChannelException}. Closing again does nothing. */
    @Override
    public void close() {
        contexts.router().removeHandler(handle);
        latch.close(CLOSED);
    }

    @Override
    public String toString() {
        return "Receiver(" + Integer.toUnsignedString(handle) + ")";
    }
}
