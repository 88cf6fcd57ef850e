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

/** Connects the importer with the parent: GET_MODULE up, LOAD_MODULE down. Any thread asks; answers come inside turns. */
final class ModuleLink implements Upstream, MessageHandler {
    private final Router router;
    private final Importer importer = new Importer(this);

    ModuleLink(Router router) {
        this.router = router;
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
        router.send(Message.text(router.identity().parentId(), Handles.GET_MODULE, path));
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (!message.isDead()) {
            importer.onImage(ClassImage.decode(message.body()));
        }
    }
}
