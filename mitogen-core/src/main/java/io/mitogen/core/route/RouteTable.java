// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import java.util.Arrays;

/**
 * Which link leads to which context: a hash table of immutable nodes. Changed inside turns; read by any thread, without a lock and
 * without allocating.
 */
final class RouteTable {
    /*
     * A change replaces one bucket and then writes the volatile field again. So a reader of the field either sees the change, or has
     * read the field before everything that follows the change. The race of a call with a death in Router relies on that.
     */

    private static final class Node {
        final int id;
        final Link link;
        final @Nullable Node next;

        Node(int id, Link link, @Nullable Node next) {
            this.id = id;
            this.link = link;
            this.next = next;
        }
    }

    private volatile Node[] buckets = new Node[8]; // a power of two
    private int size; // inside turns

    /** Returns the link behind which {@code id} lives, null when there is no route. */
    @Nullable
    Link find(int id) {
        Node[] all = buckets;
        // ids are given out one after another, so their low bits spread well
        for (Node node = all[id & all.length - 1]; node != null; node = node.next) {
            if (node.id == id) {
                return node.link;
            }
        }
        return null;
    }

    /** Adds a route, or replaces it. */
    void put(int id, Link link) {
        Node[] all = buckets;
        if (find(id) == null && ++size > all.length) {
            all = doubled();
        }
        int at = id & all.length - 1;
        all[at] = new Node(id, link, without(all[at], id));
        buckets = all;
    }

    /** Removes a route; returns where it led, null when there was none. */
    @Nullable
    Link remove(int id) {
        Link link = find(id);
        if (link != null) {
            Node[] all = buckets;
            int at = id & all.length - 1;
            all[at] = without(all[at], id);
            size--;
            buckets = all;
        }
        return link;
    }

    private static @Nullable Node without(Node first, int id) {
        Node kept = null;
        for (Node node = first; node != null; node = node.next) {
            if (node.id != id) {
                kept = new Node(node.id, node.link, kept);
            }
        }
        return kept;
    }

    private Node[] doubled() {
        Node[] more = new Node[2 * buckets.length];
        for (Node first : buckets) {
            for (Node node = first; node != null; node = node.next) {
                int at = node.id & more.length - 1;
                more[at] = new Node(node.id, node.link, more[at]);
            }
        }
        return more;
    }

    /** Returns all ids, ascending. */
    int[] ids() {
        int[] ids = new int[8];
        int count = 0;
        for (Node first : buckets) {
            for (Node node = first; node != null; node = node.next) {
                if (count == ids.length) {
                    ids = Arrays.copyOf(ids, 2 * count);
                }
                ids[count++] = node.id;
            }
        }
        ids = Arrays.copyOf(ids, count);
        Arrays.sort(ids);
        return ids;
    }
}
