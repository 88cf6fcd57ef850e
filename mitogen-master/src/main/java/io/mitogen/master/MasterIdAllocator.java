// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.RouteGuard;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one source of ids of a tree: one at a time here, in blocks to children that ask. It remembers who asked, so that no
 * context can claim a route to an id that was given to another. Any thread, but the handler and the guard are for turns.
 */
final class MasterIdAllocator implements IdAllocator, MessageHandler, RouteGuard {
    private static final int LAST_ID = Integer.MAX_VALUE - BLOCK;

    /** Blocks behind one link: no honest child has a million others below it, and a hostile one shall not use up the ids. */
    private static final int MAX_BLOCKS = 1_000;

    private final Router router;
    private final AtomicInteger next = new AtomicInteger(1);
    private final TreeMap<Integer, Integer> ownerByStart = new TreeMap<>(); // inside turns
    private final Map<Integer, Integer> blocksByLink = new HashMap<>(); // inside turns

    MasterIdAllocator(Router router) {
        this.router = router;
        router.addHandler(Registration.of(this).on(Handles.ALLOCATE_ID));
    }

    @Override
    public int allocate() {
        int id = next.getAndIncrement();
        if (id > LAST_ID || id < 0) {
            throw new IllegalStateException("all context ids of this router have been given out");
        }
        return id;
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return;
        }
        int owner = message.src();
        int account = from == null ? owner : from.peerId(); // what lives behind one link shares its quota
        if (next.get() > LAST_ID || blocksByLink.merge(account, 1, Integer::sum) > MAX_BLOCKS) {
            String reason = "no context ids are left for context " + owner;
            if (from == null) {
                router.send(Message.dead(owner, message.replyTo(), reason));
            } else {
                router.answer(from, Message.dead(owner, message.replyTo(), reason));
            }
            return;
        }
        int start = next.getAndAdd(BLOCK);
        ownerByStart.put(start, owner);
        router.reply(message, PickleWriter.toBytes(Tuple.of(start, start + BLOCK)));
    }

    @Override
    public boolean allows(int contextId, Link from) {
        Map.Entry<Integer, Integer> block = ownerByStart.floorEntry(contextId);
        return block != null && contextId < block.getKey() + BLOCK && router.route(block.getValue()) == from;
    }
}
