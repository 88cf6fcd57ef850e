// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Identity;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;

/** Gives out ids of blocks that it asks the master for, one block at a time. */
public final class ChildIdAllocator implements IdAllocator {
    private final ChildContext child;
    private int next; // guarded by this
    private int end; // guarded by this

    public ChildIdAllocator(ChildContext child) {
        this.child = child;
    }

    @Override
    public synchronized int allocate() {
        if (next == end) {
            Tuple block = (Tuple) requestBlock();
            next = ((Number) block.get(0)).intValue();
            end = ((Number) block.get(1)).intValue();
        }
        return next++;
    }

    /**
     * The wait ends with the answer or with the link to the parent, which fails the receiver. It is one of a launch thread, which
     * nobody has a reason to interrupt, but user code may interrupt all threads of its group.
     */
    private Object requestBlock() {
        try (Receiver receiver = child.master().receiver()) {
            child.router().send(Message.empty(Identity.MASTER, Handles.ALLOCATE_ID, receiver.handle()));
            while (true) {
                try {
                    return receiver.get();
                } catch (InterruptedException expected) {
                    // see above
                }
            }
        }
    }
}
