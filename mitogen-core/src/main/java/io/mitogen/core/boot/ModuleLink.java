// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.Importer;
import io.mitogen.core.load.Upstream;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.BitSet;

/** Connects the importer with the parent: GET_MODULE up, LOAD_MODULE down. Any thread asks; answers come inside turns. */
final class ModuleLink implements Upstream, MessageHandler {
    /*
     * A Python parent answers each name once, and whoever stands above it takes a name without a slash for a module. So a
     * file without a folder, and what may have been asked for before, are asked for with a number in front that was not used
     * yet. What was asked for is known by some bits of its hash: that takes little, and where it errs nothing is lost.
     */
    private static final int HASHES = 0xffff;

    private final Router router;
    private final Importer importer;
    private final @Nullable BitSet asked; // guarded by itself; null when the parent is no Python context
    private int number; // guarded by asked

    ModuleLink(Router router, boolean parentIsPython, int release) {
        this.router = router;
        this.importer = new Importer(this, release);
        this.asked = parentIsPython ? new BitSet() : null;
        router.addHandler(
                Registration.of(this).on(Handles.LOAD_MODULE).policy(Policy.parentAuthority(router.identity())));
    }

    Importer importer() {
        return importer;
    }

    @Override
    public boolean mayWait() {
        return !router.broker().inTurn();
    }

    @Override
    public void request(String path) {
        String name = asked == null ? path : numbered(path, asked);
        router.send(Message.text(router.identity().parentId(), Handles.GET_MODULE, name));
    }

    private String numbered(String path, BitSet asked) {
        int hash = path.hashCode() & HASHES;
        synchronized (asked) {
            if (ClassImage.isPath(path) && !asked.get(hash)) {
                asked.set(hash);
                return path;
            }
            return "/" + number++ + "/" + path;
        }
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (!message.isDead()) {
            importer.onImage(ClassImage.decode(message.body()));
        }
    }
}
