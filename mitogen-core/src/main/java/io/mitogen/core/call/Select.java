// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Waits on many receivers, or on other selects, and gives values in the order they came. Any thread.
 *
 * <p>A member belongs to one select at a time. A one-shot select lets a member go with its first value; when a member's
 * item is a failure it is thrown and the member stays, as in Python.
 */
public final class Select implements Selectable, AutoCloseable {
    /** A value and where it came from. */
    public static final class Event {
        private final Selectable source;
        private final @Nullable Object value;

        Event(Selectable source, @Nullable Object value) {
            this.source = source;
            this.value = value;
        }

        /** Returns the innermost member that gave the value. */
        public Selectable source() {
            return source;
        }

        public @Nullable Object value() {
            return value;
        }
    }

    private final boolean oneShot;
    private final Set<Selectable> members = new LinkedHashSet<>(); // guarded by this
    private Latch<Selectable> arrivals = new Latch<>(); // guarded by this; a member once for each of its items
    private @Nullable Select owner; // guarded by this

    private Select(boolean oneShot) {
        this.oneShot = oneShot;
    }

    /** Returns a select that gives one value of each member. */
    public static Select oneShot(Selectable... members) {
        return with(new Select(true), members);
    }

    /** Returns a select that gives every value of its members until they are removed. */
    public static Select lasting(Selectable... members) {
        return with(new Select(false), members);
    }

    private static Select with(Select select, Selectable... members) {
        for (Selectable member : members) {
            select.add(member);
        }
        return select;
    }

    /** Adds a member; its items that are here already count as arrived now. */
    public void add(Selectable member) {
        if (member == this || member instanceof Select && ((Select) member).contains(this)) {
            throw new IllegalArgumentException("Adding this Select instance would create a Select cycle");
        }
        int present = member.claim(this);
        synchronized (this) {
            members.add(member);
        }
        for (int i = 0; i < present; i++) {
            onItem(member);
        }
    }

    private boolean contains(Select searched) {
        Selectable[] copy;
        synchronized (this) {
            copy = members.toArray(new Selectable[0]);
        }
        for (Selectable member : copy) {
            if (member == searched || member instanceof Select && ((Select) member).contains(searched)) {
                return true;
            }
        }
        return false;
    }

    /** Removes a member, with what of it has not been taken; returns whether it was one. */
    public boolean remove(Selectable member) {
        synchronized (this) {
            if (!members.remove(member)) {
                return false;
            }
        }
        member.release();
        return true;
    }

    /** Tells whether there is a member left to wait for. */
    public synchronized boolean hasMembers() {
        return !members.isEmpty();
    }

    void onItem(Selectable member) {
        Select outer;
        synchronized (this) {
            arrivals.put(member);
            outer = owner;
        }
        if (outer != null) {
            outer.onItem(this);
        }
    }

    /** Waits for the next value as long as it takes; see {@link #getEvent(Duration)}. */
    public @Nullable Object get() throws InterruptedException {
        return getEvent(Deadline.never()).value();
    }

    /** Waits for the next value and its source; see {@link #getEvent(Duration)}. */
    public Event getEvent() throws InterruptedException {
        return getEvent(Deadline.never());
    }

    /**
     * Waits for the next value and its source until {@code timeout} is over; zero does not wait.
     *
     * @throws IllegalStateException when there is no member
     * @throws io.mitogen.core.concurrent.WaitTimeoutException when nothing came in time
     * @throws ChannelException when a member's item is a dead message
     * @throws CallException when a member's item is a call's failure
     * @throws LatchClosedException when this select is closed meanwhile
     */
    public Event getEvent(Duration timeout) throws InterruptedException {
        return getEvent(Deadline.after(timeout));
    }

    private Event getEvent(Deadline deadline) throws InterruptedException {
        while (true) {
            Latch<Selectable> current;
            synchronized (this) {
                if (members.isEmpty()) {
                    throw new IllegalStateException("Cannot get(), Select instance is empty");
                }
                current = arrivals;
            }
            Event event = eventOf(current.get(deadline));
            if (event != null) {
                return event;
            }
        }
    }

    private @Nullable Event eventOf(Selectable member) {
        synchronized (this) {
            if (!members.contains(member)) {
                return null; // removed since its item came
            }
        }
        Object value = member.take();
        if (oneShot) {
            remove(member);
        }
        return value instanceof Event ? (Event) value : new Event(member, value);
    }

    @Override
    public Object take() {
        try {
            return getEvent(Deadline.after(Duration.ZERO));
        } catch (InterruptedException expected) { // it does not wait
            Thread.currentThread().interrupt();
            throw new IllegalStateException(expected);
        }
    }

    @Override
    public synchronized int claim(Select select) {
        if (owner != null) {
            throw new IllegalStateException("Cannot add: Select is already owned by another Select");
        }
        owner = select;
        return arrivals.size();
    }

    @Override
    public synchronized void release() {
        owner = null;
    }

    /** Lets all members go and wakes whoever waits; the select can be used again. */
    @Override
    public void close() {
        Selectable[] released;
        Latch<Selectable> closed;
        synchronized (this) {
            released = members.toArray(new Selectable[0]);
            members.clear();
            closed = arrivals;
            arrivals = new Latch<>();
        }
        for (Selectable member : released) {
            member.release();
        }
        closed.close("the Select has been closed");
    }
}
