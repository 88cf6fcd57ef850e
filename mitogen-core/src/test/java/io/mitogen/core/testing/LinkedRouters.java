// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.call.Dispatcher;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree of contexts without processes: one broker and one router each, in this JVM, connected by pipes. Children start no
 * children of their own. Made and closed by one thread, used by any.
 */
public final class LinkedRouters implements AutoCloseable {
    private static final long GRACE_MS = 1_000;
    private static final Duration END = Duration.ofSeconds(10);

    private final List<Node> nodes = new ArrayList<>();
    private final Router.Settings settings;
    private final RecordingSink sink;
    private final Node master;

    /** Makes a master without limits that matter. */
    public LinkedRouters(RecordingSink sink) {
        this(sink, new Router.Settings(1 << 20, false));
    }

    /** Makes a master; {@code settings} are everybody's. */
    public LinkedRouters(RecordingSink sink, Router.Settings settings) {
        this.sink = sink;
        this.settings = settings;
        this.master = new Node(new Identity(Identity.MASTER), "master");
    }

    public Node master() {
        return master;
    }

    /** Adds a child of the master, which runs calls on a thread of its own. */
    public Node child(int id) {
        return child(master, id);
    }

    /** Adds a child of {@code parent}, which must be the master or a child of it. */
    public Node child(Node parent, int id) {
        Identity of = parent.router.identity();
        Identity identity = of.isMaster() ? new Identity(id, of.id()) : new Identity(id, of.id(), Identity.MASTER);
        Node child = new Node(identity, "child" + id);
        link(parent, child);
        if (parent != master) {
            Link over = master.router.route(of.id());
            master.router.broker().runInTurn(() -> master.router.addRoute(id, over));
        }
        child.startDispatcher();
        return child;
    }

    private static void link(Node parent, Node child) {
        try {
            Pipe down = Pipe.open();
            Pipe up = Pipe.open();
            parent.router.broker().runInTurn(() -> {
                Stream stream = new Stream(
                        parent.router.broker(),
                        child.name,
                        new ChannelReceiveSide(up.source()),
                        new ChannelTransmitSide(down.sink()));
                child.seenByParent = parent.router.connectChild(
                        stream, child.router.identity().id());
                open(stream);
            });
            child.router.broker().runInTurn(() -> {
                try {
                    child.router.connectParent(
                            new ChannelReceiveSide(down.source()), new ChannelTransmitSide(up.sink()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void open(Stream stream) {
        try {
            stream.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends everything, children first. */
    @Override
    public void close() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).router.broker().shutdown();
            nodes.get(i).cutParent();
        }
        for (Node node : nodes) {
            node.router.broker().close();
        }
        for (Node node : nodes) {
            if (node.dispatching != null) {
                node.dispatcher.stop("the test is over");
                node.dispatching.interrupt(); // a test's function that waits for ever
                Eventually.until(END, () -> !node.dispatching.isAlive());
            }
        }
    }

    /** One context. */
    public final class Node {
        private final String name;
        private final Router router;
        private final Contexts contexts;
        private final ChildContext child;
        private Dispatcher dispatcher;
        private Thread dispatching;
        private Link seenByParent;

        private Node(Identity identity, String name) {
            this.name = name;
            this.router = new Router(Broker.start(name, GRACE_MS, sink), identity, settings, sink);
            this.contexts = new Contexts(router);
            Context self = contexts.get(identity.id(), name);
            this.child = new ChildContext(contexts, self, null, LinkedRouters.class.getClassLoader());
            nodes.add(this);
        }

        private void startDispatcher() {
            dispatcher = new Dispatcher(child);
            dispatching = new Thread(dispatcher::run, "main of " + name);
            dispatching.setDaemon(true);
            dispatching.start();
        }

        public Router router() {
            return router;
        }

        public Contexts contexts() {
            return contexts;
        }

        /** Returns what functions that run here are given. */
        public ChildContext child() {
            return child;
        }

        /** Returns the thread that runs the calls. */
        public Thread dispatching() {
            return dispatching;
        }

        public Dispatcher dispatcher() {
            return dispatcher;
        }

        /** Returns {@code other} as this context sees it. */
        public Context context(Node other) {
            return contexts.get(other.router.identity().id(), other.name);
        }

        /** Cuts the link to the parent, as if this process died. */
        public void cutParent() {
            Link link = seenByParent;
            if (link != null) {
                link.stream().broker().tryDefer(() -> link.stream().close("cut by the test"));
            }
        }
    }
}
