// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Lets a bounded number of attempts be under way at a time; the others wait and begin in the order in which they came. */
@BrokerThread
final class AttemptQueue<T> {
    private final int bound;
    private final Consumer<T> begin;
    private final Set<T> running = new LinkedHashSet<>();
    private final Set<T> waiting = new LinkedHashSet<>();
    private boolean beginning;

    /**
     * Makes an empty queue.
     *
     * @param begin begins an attempt; it may end at once, and others may enter meanwhile
     */
    AttemptQueue(int bound, Consumer<T> begin) {
        this.bound = bound;
        this.begin = begin;
    }

    /** Begins {@code attempt} now or later. */
    void enter(T attempt) {
        waiting.add(attempt);
        beginNext();
    }

    /** Forgets an attempt that is over, begun or not; the next one begins. Calling again does nothing. */
    void leave(T attempt) {
        waiting.remove(attempt);
        running.remove(attempt);
        beginNext();
    }

    boolean isEmpty() {
        return running.isEmpty() && waiting.isEmpty();
    }

    /** One loop at a time: an attempt that fails where it begins would otherwise begin the next one on top of itself. */
    private void beginNext() {
        if (beginning) {
            return;
        }
        beginning = true;
        try {
            while (running.size() < bound && !waiting.isEmpty()) {
                Iterator<T> first = waiting.iterator();
                T next = first.next();
                first.remove();
                running.add(next);
                begin.accept(next);
            }
        } finally {
            beginning = false;
        }
    }
}
