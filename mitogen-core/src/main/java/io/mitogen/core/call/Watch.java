// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;

/**
 * Has this context hear when another one goes that is neither above it nor below: of that only those are told who have sent something
 * to it, so an empty message is sent, to the handle of nobody. What answers it says when the other is gone already.
 */
final class Watch implements MessageHandler {
    private static final String ROUTING_MODE = "routing mode prevents forward";

    /** In the place of the text that came, which the other may have written. */
    private static final String OUT_OF_REACH = "routing mode prevents forward of messages to it";

    private final Router router;
    private final int contextId;

    private Watch(Router router, int contextId) {
        this.router = router;
        this.contextId = contextId;
    }

    /** Begins to watch, where that is needed. Any thread. */
    static void begin(Router router, int contextId) {
        if (!router.identity().isMaster()
                && !router.identity().isSelfOrParent(contextId)
                && router.route(contextId) == null) {
            int answer = router.addHandler(Registration.reply(new Watch(router, contextId), contextId));
            router.send(Message.empty(contextId, Handles.NONE, answer));
        }
    }

    @Override
    public void onMessage(Message answer, @Nullable Link from) {
        String reason = answer.deadReason(router.identity().id());
        if (!answer.isDead() || router.route(contextId) != null) {
            return; // it lives, or was started below this context in the meantime
        }
        if (reason.startsWith(ChannelException.NO_ROUTE)) {
            router.deleteRoute(contextId, Context.UNREACHABLE + (isOfParent(answer) ? howItEnded(reason) : ""));
        } else if (reason.startsWith(ROUTING_MODE)) { // no news comes of whom no message reaches
            router.deleteRoute(contextId, OUT_OF_REACH);
        }
    }

    private boolean isOfParent(Message answer) {
        return router.identity().isParent(answer.src());
    }

    /** Returns what a router knows of the end of a context to which it has no route, with the colon before it. */
    private static String howItEnded(String noRoute) {
        int colon = noRoute.indexOf(": ");
        return colon < 0 ? "" : Printable.line(noRoute.substring(colon));
    }
}
