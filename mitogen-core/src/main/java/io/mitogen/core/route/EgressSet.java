// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

/**
 * The contexts that a link's other end ever sent to, which must hear when one of them goes. Open addressing over ints, so
 * that the steady case allocates nothing; beyond a bound it stands for every context, so that no peer can make it grow.
 */
final class EgressSet {
    /** Small enough that a peer which chooses its ids to collide costs milliseconds over the whole life of a link. */
    private static final int MAX_IDS = 8 * 1024;

    private int[] slots = new int[8]; // id + 1, as 0 means free; the id 0xffffffff is never given out
    private int size;
    private boolean everything;

    void add(int id) {
        if (everything || id == -1) {
            return;
        }
        int at = find(id);
        if (slots[at] != 0) {
            return;
        }
        if (size == MAX_IDS) {
            everything = true;
            return;
        }
        slots[at] = id + 1;
        if (2 * ++size > slots.length) {
            int[] old = slots;
            slots = new int[2 * old.length];
            for (int slot : old) {
                if (slot != 0) {
                    slots[find(slot - 1)] = slot;
                }
            }
        }
    }

    boolean contains(int id) {
        return everything || id != -1 && slots[find(id)] != 0;
    }

    private int find(int id) {
        int mask = slots.length - 1;
        int at = (id * 0x9e3779b9 >>> 16) & mask;
        while (slots[at] != 0 && slots[at] != id + 1) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
