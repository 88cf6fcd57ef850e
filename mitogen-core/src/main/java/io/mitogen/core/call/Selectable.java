// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;

/** What a {@link Select} can wait on: receivers and other selects, nothing else. Any thread. */
public abstract class Selectable {
    @Nullable
    Select owner; // guarded by this

    Selectable() {}

    /**
     * Takes the next value without waiting; null when there is none, also when somebody else was faster.
     *
     * @throws io.mitogen.core.concurrent.LatchClosedException when there will never be one
     */
    @Nullable
    abstract Select.Event poll();

    /** Returns the exception for a wait that ended because nothing will ever come, for {@code reason}. */
    ChannelException ended(String reason) {
        return ChannelException.of("waiting for a member of a Select", reason);
    }

    /** Returns what this waits for. */
    abstract String describe();

    /** Returns how many items could be taken. */
    abstract int waiting();

    /** Fails inside a turn of the broker that would have to bring the next item. */
    abstract void checkMayWait();

    /** Makes {@code select} the owner, which is told of every item from now on. Returns how many came before. */
    final synchronized int claim(Select select) {
        if (owner != null) {
            throw new IllegalStateException(
                    "Cannot add: " + getClass().getSimpleName() + " is already owned by another Select");
        }
        int present = waiting();
        owner = select;
        return present;
    }

    /** Ends the ownership of {@code select}, if it still is the owner. */
    final synchronized void release(Select select) {
        if (owner == select) {
            owner = null;
        }
    }
}
