// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.LogSink;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.TransmitSide;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A master with one child, context 1, which the test plays: it hears the frames of calls and says the answers. For one thread. */
public final class ScriptedContext implements AutoCloseable {
    private static final int ID = 1;
    private static final long GRACE_MS = 300;

    private final ScriptedPeer peer;
    private final Broker broker;
    private final Contexts contexts;

    /** Connects a child of the name {@code name}. */
    public ScriptedContext(String name, LogSink sink) throws IOException {
        peer = new ScriptedPeer();
        broker = Broker.start("scripted", GRACE_MS, sink);
        Router router = new Router(broker, new Identity(Identity.MASTER), new Router.Settings(1 << 20, false), sink);
        contexts = new Contexts(router);
        contexts.get(ID, name);
        ReceiveSide receive = peer.receiveSide();
        TransmitSide transmit = peer.transmitSide();
        broker.runInTurn(() -> {
            Stream stream = new Stream(broker, name, receive, transmit);
            router.connectChild(stream, ID);
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Returns the child as its callers see it. */
    public Context context() {
        return contexts.get(ID, null);
    }

    /** Returns the next message that came to the child. */
    public Message hear() throws IOException {
        return peer.hear();
    }

    /** Answers {@code call} with a body. */
    public void answer(Message call, byte[] body) throws IOException {
        peer.say(WireBytes.frame(call.src(), ID, ID, call.replyTo(), 0, body));
    }

    /** Says that nothing comes. */
    public void refuse(Message call, String reason) throws IOException {
        peer.say(WireBytes.frame(call.src(), ID, ID, call.replyTo(), Handles.DEAD, reason));
    }

    /** Dies. */
    public void hangUp() throws IOException {
        peer.hangUp();
    }

    @Override
    public void close() throws IOException {
        context().shutdown(); // so that nothing is missed that it was sent
        peer.hangUp();
        broker.close();
        peer.close();
    }
}
