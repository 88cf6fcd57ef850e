// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.python.PythonModuleService;
import io.mitogen.relay.OpenRequests;
import io.mitogen.relay.ShortMessages;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Takes GET_MODULE off the broker's turn, has it answered, and sends the answers down the link it came on. What Python contexts
 * ask for it gives to the service for these.
 */
final class ModuleService implements MessageHandler, RouterListener {
    private static final int MAX_SHOWN_CHARS = 1000; // of a name or a reason

    private final Router router;
    private final ClassResponder responder;
    private final Lane lane;
    private final PythonModuleService python;
    private final Map<Link, Set<FolderRules.Rule>> told = new HashMap<>(); // on the lane
    private final OpenRequests open;
    private @Nullable Timer idle; // on the lane; null while no file is open

    ModuleService(Router router, ClassResponder responder, Lane lane, PythonModuleService python) {
        this.router = router;
        this.responder = responder;
        this.lane = lane;
        this.python = python;
        this.open = OpenRequests.ofMaster(router);
        router.addHandler(Registration.of(this)
                .on(Handles.GET_MODULE)
                .policy(new ShortMessages("a request for a class whose name has", ClassImage.MAX_PATH_BYTES, null)));
        router.listeners().add(this);
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead() || from == null) {
            return;
        }
        if (message.src() != from.peerId() && !open.allowsStranger(from)) {
            return; // sent past its parent, which would get the answer and has no use for it
        }
        if (python.takes(message.text(), from)) {
            python.onGetModule(message.text(), from);
        } else if (open.add(from, message.length())) {
            try {
                lane.execute(() -> {
                    if (open.remove(from, message.length())) {
                        serve(message.text(), from);
                    }
                });
            } catch (OutOfMemoryError e) { // no thread can be had; who asks must not wait for ever
                open.remove(from, message.length());
                send(from, ClassImage.missing(message.text(), "the master could not look for it: " + e));
            }
        }
    }

    private void serve(String name, Link from) {
        String path = ClassImage.pathIn(name);
        try {
            responder.serve(path, from, image -> send(from, image.answering(name)));
            responder.keptBecause(path).ifPresent(refusal -> warn(Asker.pathIn(path), from, refusal));
        } catch (RuntimeException | Error e) { // the context waits without limit
            from.log().log(Log.WARNING, "classes not sent", "could not send " + path + " to " + from + ": " + e);
            send(from, ClassImage.missing(name, "the master could not send it: " + e));
        }
        watchParts();
    }

    /** Warns once for each link and rule, however often contexts behind the link ask. */
    private void warn(String path, Link from, FolderRules.Refusal refusal) {
        if (told.computeIfAbsent(from, link -> EnumSet.noneOf(FolderRules.Rule.class))
                .add(refusal.rule())) {
            router.log()
                    .warning(from + " did not get " + Printable.line(path, MAX_SHOWN_CHARS) + ": "
                            + Printable.line(refusal.text(), MAX_SHOWN_CHARS)
                            + " (said once for each link and rule)");
        }
    }

    /** Sees to it that no file stays open that nobody reads any more. */
    private void watchParts() {
        if (idle != null || !responder.parts().isAnyOpen()) {
            return;
        }
        try {
            idle = router.broker()
                    .after(
                            OpenParts.IDLE_NS,
                            () -> lane.execute(() -> {
                                idle = null;
                                responder.parts().closeIdle();
                                watchParts();
                            }));
        } catch (BrokerClosedException expected) { // nobody reads on
            responder.parts().close();
        }
    }

    private void closeParts() {
        if (idle != null) {
            idle.cancel();
            idle = null;
        }
        responder.parts().close();
    }

    private void send(Link to, ClassImage image) {
        byte[] body = ProgramClasses.bodyOf(image, router.maxMessageBytes());
        router.answer(to, Message.to(to.peerId(), Handles.LOAD_MODULE, Handles.NONE, body));
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        lane.execute(() -> {
            responder.forget(link);
            closeParts();
            told.remove(link);
        });
    }
}
