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
import java.util.concurrent.atomic.AtomicInteger;

/** The one source of ids of a tree: one at a time here, in blocks to children that ask. Any thread. */
final class MasterIdAllocator implements IdAllocator, MessageHandler {
    private final Router router;
    private final AtomicInteger next = new AtomicInteger(1);

    MasterIdAllocator(Router router) {
        this.router = router;
        router.addHandler(Registration.of(this).on(Handles.ALLOCATE_ID));
    }

    @Override
    public int allocate() {
        return next.getAndIncrement();
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (!message.isDead()) {
            int start = next.getAndAdd(BLOCK);
            Tuple block = Tuple.of(PickleWriter.unsigned(start), PickleWriter.unsigned(start + BLOCK));
            router.reply(message, PickleWriter.toBytes(block));
        }
    }
}
