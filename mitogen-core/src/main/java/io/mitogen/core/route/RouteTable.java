// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.Nullable;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which link leads to which context. An immutable snapshot: changed by making another one. */
final class RouteTable {
    static final RouteTable EMPTY = new RouteTable(new int[0], new Link[0]);

    private final int[] ids; // ascending
    private final Link[] links;

    private RouteTable(int[] ids, Link[] links) {
        this.ids = ids;
        this.links = links;
    }

    /** Returns the link behind which {@code id} lives, null when there is no route. Allocates nothing. */
    @Nullable
    Link find(int id) {
        int at = Arrays.binarySearch(ids, id);
        return at < 0 ? null : links[at];
    }

    /** Returns a table with the route as well, or instead. */
    RouteTable with(int id, Link link) {
        int at = Arrays.binarySearch(ids, id);
        if (at >= 0) {
            Link[] changed = links.clone();
            changed[at] = link;
            return new RouteTable(ids, changed);
        }
        int insert = -at - 1;
        int[] moreIds = Arrays.copyOf(ids, ids.length + 1);
        Link[] moreLinks = Arrays.copyOf(links, ids.length + 1);
        System.arraycopy(ids, insert, moreIds, insert + 1, ids.length - insert);
        System.arraycopy(links, insert, moreLinks, insert + 1, ids.length - insert);
        moreIds[insert] = id;
        moreLinks[insert] = link;
        return new RouteTable(moreIds, moreLinks);
    }

    /** Returns a table without the route. */
    RouteTable without(int id) {
        return Arrays.binarySearch(ids, id) < 0 ? this : filtered(id, null);
    }

    /** Returns a table without the routes over {@code link}. */
    RouteTable without(Link link) {
        return filtered(0, link);
    }

    private RouteTable filtered(int id, @Nullable Link link) {
        int[] fewerIds = new int[ids.length];
        Link[] fewerLinks = new Link[ids.length];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            if (link == null ? ids[i] != id : links[i] != link) {
                fewerIds[count] = ids[i];
                fewerLinks[count++] = links[i];
            }
        }
        return new RouteTable(Arrays.copyOf(fewerIds, count), Arrays.copyOf(fewerLinks, count));
    }

    /** Returns the ids that are reached over {@code link}. */
    int[] idsOver(Link link) {
        int[] over = new int[ids.length];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            if (links[i] == link) {
                over[count++] = ids[i];
            }
        }
        return Arrays.copyOf(over, count);
    }

    /** Returns all links, each once. */
    Set<Link> links() {
        return new LinkedHashSet<>(Arrays.asList(links));
    }

    /** Returns all ids, ascending. */
    int[] ids() {
        return ids.clone();
    }
}
