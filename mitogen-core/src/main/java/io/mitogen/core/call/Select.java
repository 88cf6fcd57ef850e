// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.concurrent.WaitTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Waits on many receivers, or on other selects, and gives values in the order they came. Any thread, but nothing waits inside
 * a turn of the broker.
 *
 * <p>A member belongs to one select at a time. A one-shot select lets a member go with its first value, and a loop over it ends
 * when it has no member left. A dead message is thrown as a {@link ChannelException} and its member stays, as in Python; a
 * receiver that is closed, or for a context that has gone, is thrown in the same way, once, and goes.
 */
public final class Select extends Selectable implements AutoCloseable, Iterable<Select.Event> {
    /*
     * `arrivals` holds a member once for each item it announced. It may hold too many: of a member that was removed, that came
     * back, or whose item somebody took from it directly. So an arrival is a hint to look, never a promise, and whoever finds
     * nothing looks at the next one. It holds too few never: a member becomes one here before it is claimed, and claiming
     * counts its items under the lock under which it adds them.
     */
    private static final String EMPTY = "Cannot get(), Select instance is empty";

    /** Members that a message names. */
    private static final int MOST_NAMED = 5;

    private static final String CLOSED = "the Select has been closed";

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
    private Latch<Selectable> arrivals = new Latch<>(); // guarded by this; the one in the field is open

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
        try {
            for (Selectable member : members) {
                select.add(member);
            }
            return select;
        } catch (RuntimeException e) {
            select.close(); // those that were added are free again
            throw e;
        }
    }

    /** Waits for one value of each, and returns them in the order they came; the members are free afterwards. */
    public static List<Object> all(Selectable... members) throws InterruptedException {
        List<Object> values = new ArrayList<>(members.length);
        try (Select select = oneShot(members)) {
            while (select.hasMembers()) {
                values.add(select.get());
            }
        }
        return values;
    }

    /**
     * Adds a member; its items that are here already count as arrived now.
     *
     * @throws IllegalStateException when it belongs to a select already
     * @throws IllegalArgumentException when it is this select, or one that waits for this
     */
    public void add(Selectable member) {
        if (member == this || member instanceof Select && ((Select) member).contains(this)) {
            throw new IllegalArgumentException("Adding this Select instance would create a Select cycle");
        }
        boolean isNew;
        synchronized (this) {
            isNew = members.add(member);
        }
        int present;
        try {
            present = member.claim(this);
        } catch (RuntimeException e) {
            if (isNew) {
                remove(member);
            }
            throw e;
        }
        boolean isMember;
        synchronized (this) {
            isMember = members.contains(member);
        }
        if (!isMember) { // removed, or this closed, before it knew its owner
            member.release(this);
            return;
        }
        for (int i = 0; i < present; i++) {
            onItem(member);
        }
    }

    private boolean contains(Select searched) {
        for (Selectable member : copyOfMembers()) {
            if (member == searched || member instanceof Select && ((Select) member).contains(searched)) {
                return true;
            }
        }
        return false;
    }

    private synchronized Selectable[] copyOfMembers() {
        return members.toArray(new Selectable[0]);
    }

    /** Removes a member; what of it has not been taken stays with it. Returns whether it was one. */
    public boolean remove(Selectable member) {
        Latch<Selectable> left = null;
        synchronized (this) {
            if (!members.remove(member)) {
                return false;
            }
            if (members.isEmpty()) {
                left = replaceArrivals();
            }
        }
        member.release(this);
        if (left != null) {
            left.close(EMPTY); // whoever waits would wait for ever
        }
        return true;
    }

    private Latch<Selectable> replaceArrivals() {
        Latch<Selectable> old = arrivals;
        arrivals = new Latch<>();
        return old;
    }

    /** Tells whether there is a member left to wait for. */
    public synchronized boolean hasMembers() {
        return !members.isEmpty();
    }

    /** A member has an item, or will never have one. */
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

    /** Waits for the next value until {@code timeout} is over; see {@link #getEvent(Duration)}. */
    public @Nullable Object get(Duration timeout) throws InterruptedException {
        return getEvent(timeout).value();
    }

    /** Waits for the next value and its source as long as it takes; see {@link #getEvent(Duration)}. */
    public Event getEvent() throws InterruptedException {
        return getEvent(Deadline.never());
    }

    /**
     * Waits for the next value and its source until {@code timeout} is over; zero does not wait.
     *
     * @throws IllegalStateException when there is no member, or no longer one
     * @throws WaitTimeoutException when nothing came in time
     * @throws ChannelException when a member's item is a dead message, or the member was closed
     * @throws CallException when a member's item is a call's failure
     * @throws LatchClosedException when this select is closed meanwhile
     */
    public Event getEvent(Duration timeout) throws InterruptedException {
        try {
            return getEvent(Deadline.after(timeout));
        } catch (WaitTimeoutException e) {
            throw new WaitTimeoutException(
                    "nothing came to the Select within " + timeout.toMillis() + " ms, which is " + describe());
        }
    }

    @Override
    String describe() {
        StringBuilder text = new StringBuilder();
        Selectable[] waited = copyOfMembers();
        for (int i = 0; i < Math.min(waited.length, MOST_NAMED); i++) {
            text.append(i == 0 ? "" : ", ").append(waited[i].describe());
        }
        return text + (waited.length > MOST_NAMED ? " and " + (waited.length - MOST_NAMED) + " more" : "");
    }

    private Event getEvent(Deadline deadline) throws InterruptedException {
        checkMayWait();
        while (true) {
            Latch<Selectable> current;
            synchronized (this) {
                if (members.isEmpty()) {
                    throw new IllegalStateException(EMPTY);
                }
                current = arrivals;
            }
            Selectable member;
            try {
                member = current.get(deadline);
            } catch (LatchClosedException e) {
                if (e.getMessage().equals(EMPTY)) {
                    throw new IllegalStateException(EMPTY, e);
                }
                throw e;
            }
            Event event = eventOf(member);
            if (event != null) {
                return event;
            }
        }
    }

    @Override
    @Nullable
    Event poll() {
        while (true) {
            Selectable member;
            synchronized (this) {
                member = arrivals.poll(null);
            }
            if (member == null) {
                return null;
            }
            Event event = eventOf(member);
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
        Event event;
        try {
            event = member.poll();
        } catch (LatchClosedException e) {
            remove(member);
            throw member.ended(e.getMessage());
        } catch (ChannelException e) {
            throw e;
        } catch (RuntimeException e) { // a value, if one that says that something failed
            onTaken(member);
            throw e;
        }
        if (event != null) {
            onTaken(member);
        }
        return event;
    }

    private void onTaken(Selectable member) {
        if (oneShot) {
            remove(member);
        }
    }

    /** Iterates over the values to come, until no member is left; each step waits. */
    @Override
    public Iterator<Event> iterator() {
        return new Iterator<Event>() {
            @Override
            public boolean hasNext() {
                return hasMembers();
            }

            @Override
            public Event next() {
                if (!hasMembers()) {
                    throw new NoSuchElementException(EMPTY);
                }
                try {
                    return getEvent();
                } catch (InterruptedException e) {
                    throw CallInterruptedException.of("waiting for a member of a Select");
                }
            }
        };
    }

    @Override
    synchronized int waiting() {
        return arrivals.size();
    }

    @Override
    void checkMayWait() {
        Selectable first;
        synchronized (this) {
            first = members.isEmpty() ? null : members.iterator().next();
        }
        if (first != null) {
            first.checkMayWait();
        }
    }

    /** Lets all members go and wakes whoever waits; the select can be used again. */
    @Override
    public void close() {
        Selectable[] released;
        Latch<Selectable> closed;
        synchronized (this) {
            released = copyOfMembers();
            members.clear();
            closed = replaceArrivals();
        }
        for (Selectable member : released) {
            member.release(this);
        }
        closed.close(CLOSED);
    }
}
