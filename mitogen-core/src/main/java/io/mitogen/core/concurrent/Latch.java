// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

import io.mitogen.core.Nullable;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A queue that threads wait on, the only blocking primitive of the library. Any thread.
 *
 * <p>Items come out in the order they went in, and waiting threads are served in the order they came: an item that was
 * promised to a sleeping thread is never taken by one that came later. Closing wakes everybody and drops what is queued.
 */
public final class Latch<T> {
    /*
     * Each sleeper parks on its own Waiter, so that put() wakes exactly the one it serves. A waiter that times out or is
     * interrupted removes itself under the lock; if an item was assigned to it meanwhile, it takes the item instead.
     */
    private static final class Waiter {
        final Thread thread = Thread.currentThread();

        @Nullable
        Object item; // guarded by the latch

        boolean served; // guarded by the latch
    }

    /** Stands in the queue for an item that is null. */
    private static final Object NULL = new Object();

    private final ArrayDeque<Object> items = new ArrayDeque<>(2); // guarded by this; never with sleepers at once
    private final ArrayDeque<Waiter> sleepers = new ArrayDeque<>(2); // guarded by this
    private @Nullable String closedReason; // guarded by this
    private @Nullable String endReason; // guarded by this

    /** Makes an open, empty latch. */
    public Latch() {}

    /** Adds an item, null allowed; wakes the thread that has waited longest. Does nothing on a closed latch. */
    public void put(@Nullable T item) {
        Waiter served;
        synchronized (this) {
            if (closedReason != null) {
                return;
            }
            served = sleepers.pollFirst();
            if (served == null) {
                items.addLast(wrap(item));
                return;
            }
            served.item = item;
            served.served = true;
        }
        LockSupport.unpark(served.thread);
    }

    /** Waits for an item as long as it takes. */
    public @Nullable T get() throws InterruptedException {
        return get(null);
    }

    /**
     * Waits for an item until the deadline, null meaning for ever.
     *
     * @throws WaitTimeoutException when nothing came in time
     * @throws LatchClosedException when the latch is or becomes closed
     */
    @SuppressWarnings("unchecked")
    public @Nullable T get(@Nullable Deadline deadline) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            checkOpen();
            Object item = items.pollFirst();
            if (item != null) {
                return unwrap(item);
            }
            checkNotEnded();
            if (deadline != null && deadline.isOver()) {
                throw new WaitTimeoutException("nothing came in time");
            }
            waiter = new Waiter();
            sleepers.addLast(waiter);
        }
        while (true) {
            boolean interrupted = Thread.interrupted();
            synchronized (this) {
                if (waiter.served) {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return (T) waiter.item;
                }
                if (interrupted
                        || closedReason != null
                        || endReason != null
                        || (deadline != null && deadline.isOver())) {
                    sleepers.remove(waiter);
                    if (interrupted) {
                        throw new InterruptedException();
                    }
                    checkOpen();
                    checkNotEnded();
                    throw new WaitTimeoutException("nothing came in time");
                }
            }
            if (deadline == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, deadline.remainingNs());
            }
        }
    }

    /** Takes an item if one is there that nobody waits for; {@code none} otherwise. */
    public @Nullable T poll(@Nullable T none) {
        synchronized (this) {
            checkOpen();
            Object item = items.pollFirst();
            if (item == null) {
                checkNotEnded();
                return none;
            }
            return unwrap(item);
        }
    }

    /** Tells whether no item could be taken now; also of a closed latch. */
    public synchronized boolean isEmpty() {
        return items.isEmpty();
    }

    /** Returns the number of items that could be taken now. */
    public synchronized int size() {
        checkOpen();
        return items.size();
    }

    /** Wakes all waiting threads with {@code reason} and drops the queue. Idempotent. Allocates nothing. */
    public synchronized void close(String reason) {
        if (closedReason == null) {
            closedReason = Objects.requireNonNull(reason, "reason"); // or those who wait would go on
            items.clear();
            wakeAll();
        }
    }

    /** As {@link #close}, but queued items can still be taken. */
    public synchronized void end(String reason) {
        endReason = Objects.requireNonNull(reason, "reason");
        wakeAll();
    }

    private void wakeAll() {
        for (Waiter next = sleepers.pollFirst(); next != null; next = sleepers.pollFirst()) {
            LockSupport.unpark(next.thread);
        }
    }

    private void checkNotEnded() {
        if (endReason != null) {
            throw new LatchClosedException(endReason);
        }
    }

    private void checkOpen() {
        if (closedReason != null) {
            throw new LatchClosedException(closedReason);
        }
    }

    private static Object wrap(@Nullable Object item) {
        return item == null ? NULL : item;
    }

    @SuppressWarnings("unchecked")
    private T unwrap(Object item) {
        return item == NULL ? null : (T) item;
    }
}
