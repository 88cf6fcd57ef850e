// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

/** Where the ids of new contexts come from. Any thread but a broker's turn, as it may have to ask the master. */
public interface IdAllocator {
    /** Ids that one ALLOCATE_ID gives away; Python's block has the same size. */
    int BLOCK = 1000;

    /** Returns an id that no other context of the tree has, or will have. */
    int allocate();
}
