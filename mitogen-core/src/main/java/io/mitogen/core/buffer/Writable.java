// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

/** Something that can write itself, whole, into an outgoing queue. */
public interface Writable {
    /** Appends all bytes of this; called once, under the lock of the queue's owner, so it must not call out. */
    void writeTo(BufferQueue queue);

    /** Returns the parts of this, if every second of them is only lent to the queue: see {@link BufferQueue#keepLent}. */
    default byte[][] lentParts() {
        return BufferQueue.NO_PARTS;
    }
}
