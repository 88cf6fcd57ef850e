// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.LogSink;
import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One router whose neighbours are scripts and whose turns are a test's. For the test's own thread. */
final class RouterFixture {
    static final int MAX = 5_000;

    final BrokerDriver driver;
    final Router router;
    final List<String> handled = new ArrayList<>();
    MemoryPeer parent;

    RouterFixture(LogSink sink, boolean unidirectional, int id, int... parentIds) {
        this(sink, new Router.Settings(MAX, unidirectional), id, parentIds);
    }

    RouterFixture(LogSink sink, Router.Settings settings, int id, int... parentIds) {
        driver = new BrokerDriver(sink);
        router = new Router(driver.broker(), new Identity(id, parentIds), settings, sink);
        if (parentIds.length > 0) {
            parent = new MemoryPeer();
            inTurn(() -> router.connectParent(parent.receiveSide(), parent.transmitSide()));
        }
    }

    /** Connects a child. */
    MemoryPeer child(int id) {
        MemoryPeer peer = new MemoryPeer();
        Stream stream = new Stream(driver.broker(), "child" + id, peer.receiveSide(), peer.transmitSide());
        inTurn(() -> {
            stream.open();
            router.connectChild(stream, id);
        });
        return peer;
    }

    /** Adds a handler that notes what comes. */
    void handle(int handle) {
        router.addHandler(Registration.of(noting()).on(handle));
    }

    MessageHandler noting() {
        return (message, from) -> handled.add(WireBytes.show(message));
    }

    /** Sends a request as a caller does and returns the handle of its answer. */
    int call(int dst, int handle, byte[] body) {
        int replyTo = router.addHandler(Registration.reply(noting(), dst));
        router.send(Message.to(dst, handle, replyTo, body));
        return replyTo;
    }

    /** Runs what is deferred, then removes and returns what was handled. */
    List<String> handled() {
        driver.settle();
        List<String> all = List.copyOf(handled);
        handled.clear();
        return all;
    }

    void inTurn(IoTask task) {
        driver.broker().runInTurn(() -> {
            try {
                task.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Something that may fail as reading does. */
    interface IoTask {
        void run() throws IOException;
    }
}
