// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.route.Ancestry;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The blocks of ids that the master has granted to contexts behind the links of this one, and the ids in them that were ever
 * announced. An id is announced once: no context takes it over while its owner lives, or gets it after that.
 */
@BrokerThread
public class GrantedIds implements RouteGuard, Ancestry, RouterListener {
    /** Blocks for all contexts behind one link of a master: no honest child has a million contexts below it. */
    private static final int MAX_BLOCKS = 1_000;

    final Router router;
    private final int maxBlocks;
    private final TreeMap<Integer, Block> byFirst = new TreeMap<>();
    private final Map<Integer, List<Block>> byOwner = new HashMap<>();
    private final Map<Link, Integer> requests = new HashMap<>();

    /** The ids from {@code first} to {@code end}, exclusive. */
    private static final class Block {
        final int owner;
        final int first;
        final int end;
        final BitSet announced = new BitSet();

        Block(int owner, int first, int end) {
            this.owner = owner;
            this.first = first;
            this.end = end;
        }
    }

    public GrantedIds(Router router) {
        this.router = router;
        // so one child uses up at most half of the share of its relay
        this.maxBlocks = Math.max(1, MAX_BLOCKS >> router.identity().parentIds().length);
        router.listeners().add(this);
        router.ancestry(this);
    }

    /** Counts a request for a block over {@code from}; returns false when that link has had its share. */
    public boolean isRequestAllowed(Link from) {
        int before = requests.getOrDefault(from, 0);
        requests.put(from, before + 1);
        return before < maxBlocks;
    }

    /** Notes a block that was granted to {@code owner}. Ignores one of an owner that has gone, or that overlaps another. */
    public void grant(int owner, int first, int end) {
        Map.Entry<Integer, Block> below = byFirst.lowerEntry(end);
        boolean isBlock = first > 0 && end > first && end - first <= IdAllocator.BLOCK;
        if (isBlock && router.route(owner) != null && (below == null || below.getValue().end <= first)) {
            Block block = new Block(owner, first, end);
            byFirst.put(first, block);
            List<Block> others = byOwner.get(owner);
            if (others == null) {
                others = new ArrayList<>(1);
                byOwner.put(owner, others);
            }
            others.add(block);
        }
    }

    @Override
    public boolean admit(int contextId, Link from) {
        Block block = blockOf(contextId);
        if (block == null || router.route(block.owner) != from || block.announced.get(contextId - block.first)) {
            return false;
        }
        block.announced.set(contextId - block.first);
        return true;
    }

    @Override
    public boolean isOwner(int ownerId, int contextId) {
        Block block = blockOf(contextId);
        return block != null && block.owner == ownerId && block.announced.get(contextId - block.first);
    }

    @Override
    public boolean isOnTheWay(int relayId, int contextId, Link link) {
        if (link == router.parent() || relayId == link.peerId()) {
            return true;
        }
        for (Block block = blockOf(contextId); block != null; block = blockOf(block.owner)) {
            if (block.owner == relayId) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Block blockOf(int contextId) {
        Map.Entry<Integer, Block> entry = byFirst.floorEntry(contextId);
        return entry == null || entry.getValue().end <= contextId ? null : entry.getValue();
    }

    /** Drops the blocks of a context that has gone: no other may announce its ids. */
    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {
        List<Block> blocks = byOwner.remove(contextId);
        if (blocks != null) {
            for (Block block : blocks) {
                byFirst.remove(block.first);
            }
        }
    }

    @Override
    public void onLinkGone(Link link, String reason) {
        requests.remove(link);
    }
}
