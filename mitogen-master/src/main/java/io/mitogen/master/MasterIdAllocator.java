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
import io.mitogen.relay.GrantedIds;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.RouteGuard;
import io.mitogen.relay.ShortMessages;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one source of ids of a tree: one at a time here, in blocks to children that ask. It remembers who asked, so that no
 * context can claim a route to an id that was given to another. Any thread, but the handler is for turns.
 */
final class MasterIdAllocator implements IdAllocator, MessageHandler {
    private static final int LAST_ID = Integer.MAX_VALUE - BLOCK;

    private final Router router;
    private final AtomicInteger next = new AtomicInteger(1);
    private final GrantedIds granted;

    MasterIdAllocator(Router router) {
        this.router = router;
        this.granted = new GrantedIds(router);
        router.addHandler(Registration.of(this)
                .on(Handles.ALLOCATE_ID)
                .policy(new ShortMessages("an ALLOCATE_ID of", ShortMessages.FEW_BYTES, null)));
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
        if (next.get() > LAST_ID || from != null && !granted.isRequestAllowed(from)) {
            String reason = "no context ids are left for context " + owner;
            if (from == null) {
                router.send(Message.dead(owner, message.replyTo(), reason));
            } else {
                router.answer(from, Message.dead(owner, message.replyTo(), reason));
            }
            return;
        }
        int start = next.getAndAdd(BLOCK);
        granted.grant(owner, start, start + BLOCK);
        router.reply(message, PickleWriter.toBytes(Tuple.of(start, start + BLOCK)));
    }

    /** Returns the guard for the routes of the router. */
    RouteGuard guard() {
        return granted;
    }
}
