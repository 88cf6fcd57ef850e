// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A mailbox: messages to its handle, in the order they came. Any thread may wait on it; nothing may wait inside a turn of
 * the broker.
 *
 * <p>A dead message is an item like any other: what came before it comes out first, then it is thrown once as a
 * {@link ChannelException}, and what comes later still arrives. After the end of the router every wait ends with it, and so does,
 * after the end of a context, every wait on a receiver for that context alone.
 *
 * <p>A loop over a receiver waits for values until the sender or the receiver is closed. Whatever else ends the values, as
 * the loss of the context that sends them, is thrown out of the loop, so that a part is never taken for the whole.
 */
public final class Receiver extends Selectable implements AutoCloseable, Iterable<Object> {
    /** Why nothing comes out of a closed receiver, in Python's words. */
    static final String CLOSED = "the Receiver has been closed";

    private final Contexts contexts;
    private final int handle;
    private final Latch<Message> latch = new Latch<>();
    private final String what;
    private final @Nullable Context respondent;
    private boolean ended; // guarded by this

    private Receiver(Contexts contexts, String what, @Nullable Context respondent, boolean oneShot) {
        this.contexts = contexts;
        this.what = what;
        this.respondent = respondent;
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
        Receiver receiver = new Receiver(contexts, "waiting for a message of " + respondent.name(), respondent, false);
        String gone = respondent.goneReason(); // asked only now: whoever goes later finds the handler
        if (gone != null && contexts.router().removeHandler(receiver.handle)) {
            receiver.end(ChannelException.DISCONNECTED + ": " + gone);
        } else if (gone == null) {
            Watch.begin(contexts.router(), respondent.id());
        }
        return receiver;
    }

    /** Opens a mailbox for the one answer of {@code respondent}; {@code what} says to what question. */
    static Receiver forReply(Contexts contexts, Context respondent, String what) {
        return new Receiver(contexts, what, respondent, true);
    }

    private void onMessage(Message message) {
        String end = message.isDead() ? endIn(message) : null;
        if (end != null) {
            end(end);
            return;
        }
        Select select;
        synchronized (this) {
            latch.put(message);
            select = owner;
        }
        if (select != null) {
            select.onItem(this);
        }
    }

    /** Returns why no message can follow a dead one, null where one can. */
    private @Nullable String endIn(Message dead) {
        String closed = contexts.router().closedReason();
        int own = contexts.router().identity().id();
        boolean mayBeLoss = closed == null && respondent != null && dead.src() == own;
        String reason = mayBeLoss ? dead.deadReason(own) : "";
        return reason.startsWith(ChannelException.DISCONNECTED) ? reason : closed; // the router has removed the handler
    }

    /** Ends every wait, now and later. */
    private void end(String reason) {
        Select select;
        synchronized (this) {
            ended = true;
            latch.end(reason);
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
     * @throws WaitTimeoutException when none came in time
     * @throws ChannelException when a dead message came, or this receiver was closed
     * @throws CallException when the value is a call's failure
     * @throws NoJavaTypeException when the value has a Python object in it that has no Java type
     */
    public @Nullable Object get(Duration timeout) throws InterruptedException {
        try {
            return get(Deadline.after(timeout));
        } catch (WaitTimeoutException e) {
            throw new WaitTimeoutException(what + ": nothing came within " + timeout.toMillis() + " ms");
        }
    }

    private @Nullable Object get(Deadline deadline) throws InterruptedException {
        checkMayWait();
        try {
            return valueOf(latch.get(deadline));
        } catch (LatchClosedException e) {
            throw ended(e.getMessage());
        }
    }

    /** Iterates over the values to come; each step waits. An interrupt ends it with {@link CallInterruptedException}. */
    @Override
    public Iterator<Object> iterator() {
        return new Iterator<Object>() {
            private @Nullable Object next;
            private boolean hasValue;
            private boolean isAtEnd;

            @Override
            public boolean hasNext() {
                if (!hasValue && !isAtEnd) {
                    try {
                        next = get();
                        hasValue = true;
                    } catch (ChannelException e) {
                        if (!e.isOrderlyEnd()) {
                            throw e;
                        }
                        isAtEnd = true;
                    } catch (InterruptedException e) {
                        throw CallInterruptedException.of(what);
                    }
                }
                return hasValue;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException(what + ": closed");
                }
                hasValue = false;
                return next;
            }
        };
    }

    /** Refuses, loudly, what would wait inside a turn of the broker. */
    public static void refuseInTurn(Router router, String what) {
        if (router.broker().inTurn()) {
            throw new IllegalStateException(
                    what + " inside a turn of the broker, which would have to bring the answer; use another thread");
        }
    }

    private @Nullable Object valueOf(Message message) {
        return valueOf(contexts, message, what, respondent);
    }

    /** Returns the value of an answer of {@code respondent}, or throws what it stands for; {@code what} says what was asked. */
    static @Nullable Object valueOf(Contexts contexts, Message message, String what, @Nullable Context respondent) {
        if (message.isDead()) {
            String reason = message.deadReason(contexts.router().identity().id());
            throw ChannelException.of(what, reason, respondent);
        }
        Object value;
        try {
            value = contexts.unpickle(message);
        } catch (PickleException e) {
            throw UnreadableValue.explain(message.body(), what, e);
        }
        if (value instanceof CallError) {
            throw FailureText.exception(what, ((CallError) value).text());
        }
        return value;
    }

    @Override
    @Nullable
    Select.Event poll() {
        Message message = latch.poll(null);
        return message == null ? null : new Select.Event(this, valueOf(message));
    }

    @Override
    String describe() {
        return what;
    }

    @Override
    ChannelException ended(String reason) {
        return ChannelException.of(what, reason, respondent);
    }

    @Override
    int waiting() {
        return latch.size() + (ended ? 1 : 0);
    }

    @Override
    void checkMayWait() {
        refuseInTurn(contexts.router(), what);
    }

    /**
     * Takes no more messages and drops those that wait; whoever waits here, or on a select of which this is a member, gets a
     * {@link ChannelException}. Closing again does nothing.
     */
    @Override
    public void close() {
        contexts.router().removeHandler(handle);
        Select select;
        synchronized (this) {
            latch.close(CLOSED);
            select = owner;
        }
        if (select != null) {
            select.onItem(this);
        }
    }

    @Override
    public String toString() {
        return "Receiver(" + Integer.toUnsignedString(handle) + ")";
    }
}
