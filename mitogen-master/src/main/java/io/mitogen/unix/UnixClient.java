// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.BrokerListener;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Crew;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.MessageHeader;
import io.mitogen.master.Mitogen;
import io.mitogen.relay.GrantedIds;
import io.mitogen.relay.RouteMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A place in the tree of another program, Java or Python, which listens at a unix socket. Any thread.
 *
 * <pre>{@code
 * try (UnixClient client = UnixClient.connect(Path.of("/run/acme.sock"))) {
 *     Context web = client.context(3, "web");
 *     Object pid = web.call("os", "getpid"); // a context of Python
 * }
 * }</pre>
 *
 * <p>Contexts are found by their ids: the other program must tell them. All that a {@link Context} can do is possible, with the
 * authority of the listener, but for this: <b>no classes go along</b>. Contexts get theirs from the master of the tree, so a function
 * is called that the master's class path has, by name or by reference. The listener itself takes no calls, but messages.
 *
 * <p>When the listener goes, or {@link #close} is called, everything that waits fails with
 * {@link io.mitogen.core.call.ContextGoneException}, and so does what is called later. There is no way back: connect again.
 */
public final class UnixClient implements AutoCloseable {
    /** How long a listener may take to answer, if nothing else is said. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final long DRAIN_CHECK_NS = 1_000_000;

    private final Path path;
    private final Welcome welcome;
    private final Broker broker;
    private final Crew crew;
    private final boolean ownsBroker;
    private final Router router;
    private final Contexts contexts;
    private final Events events = new Events();
    private final Link link;
    private volatile @Nullable String goneReason;

    /** Inside a turn; {@code joined} is closed by the caller when this throws. */
    private UnixClient(Dial.Joined joined, Path path, Broker broker, boolean ownsBroker) throws IOException {
        this.path = path;
        this.welcome = joined.welcome();
        this.broker = broker;
        this.crew = Crew.of(broker);
        this.ownsBroker = ownsBroker;
        Identity identity = new Identity(welcome.clientId(), welcome.listenerId());
        Router.Settings settings = new Router.Settings(MessageHeader.DEFAULT_MAX_BODY_BYTES, false);
        this.router = new Router(broker, identity, settings, broker.log().sink());
        router.listeners().add(events); // before the contexts: see find()
        this.contexts = new Contexts(router);
        contexts.get(identity.id(), "unix_client." + ProcessHandle.current().pid());
        contexts.get(identity.parentId(), "unix_listener." + welcome.listenerPid());
        new RouteMonitor(contexts, new GrantedIds(router)); // admits nobody: there is no link but that to the parent
        broker.listeners().add(events);
        boolean done = false;
        try {
            this.link = router.connectParent(
                    new ChannelReceiveSide(joined.channel()), new ChannelTransmitSide(joined.channel()));
            done = true;
        } finally {
            if (!done) {
                end("it could not be opened");
            }
        }
    }

    /**
     * Joins the tree of the program that listens at {@code path}, with a broker of this client's own.
     *
     * @throws UnixConnectException when that is not possible; says why, and what helps
     */
    public static UnixClient connect(Path path) {
        Broker broker = Mitogen.startBroker();
        boolean done = false;
        try {
            UnixClient client = connect(path.toAbsolutePath(), broker, true, LIMIT);
            done = true;
            return client;
        } finally {
            if (!done) {
                broker.close();
            }
        }
    }

    /** As {@link #connect(Path)}, on a broker that others may share; when it shuts down, the client leaves. */
    public static UnixClient connect(Broker broker, Path path) {
        return connect(broker, path, LIMIT);
    }

    /** As {@link #connect(Broker, Path)}, with a time for the listener to answer: Python's does so between two other tasks. */
    public static UnixClient connect(Broker broker, Path path, Duration limit) {
        return connect(path.toAbsolutePath(), broker, false, limit);
    }

    private static UnixClient connect(Path path, Broker broker, boolean ownsBroker, Duration limit) {
        if (broker.inTurn()) {
            throw new IllegalStateException("joining the listener at " + path
                    + " inside a turn of the broker, which must not wait; use another thread");
        }
        Dial.Joined joined = Dial.to(path, broker, limit);
        UnixClient[] made = new UnixClient[1];
        try {
            broker.runInTurn(() -> {
                if (broker.isClosed()) {
                    throw new BrokerClosedException("cannot join the listener at " + path + " on an ended broker");
                }
                try {
                    made[0] = new UnixClient(joined, path, broker, ownsBroker);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return made[0];
        } catch (UncheckedIOException e) {
            throw new UnixConnectException(
                    UnixConnectException.Reason.FAILED, path, "its stream could not be opened: " + e.getCause(), e);
        } finally {
            if (made[0] == null) {
                joined.close();
            }
        }
    }

    /** Returns this program's own id in the tree. */
    public int id() {
        return welcome.clientId();
    }

    /** Returns the process id of the listener, as it said it. */
    public long listenerPid() {
        return welcome.listenerPid();
    }

    /** Returns the context that listens: the master, if it is a Java program. */
    public Context listener() {
        return context(welcome.listenerId());
    }

    /** Returns the context {@code id} of the tree, whether there is one or not. */
    public Context context(int id) {
        return find(id, null);
    }

    /** As {@link #context(int)}; the name is for messages and logs. */
    public Context context(int id, String name) {
        return find(id, name);
    }

    private Context find(int id, @Nullable String name) {
        Context context = contexts.get(id, name);
        String reason = goneReason; // set before the contexts that are known are told
        if (reason != null) {
            broker.runInTurn(() -> contexts.onContextGone(id, null, reason));
        }
        return context;
    }

    /** Opens a mailbox for messages of any context; the address of {@link Receiver#toSender} may be sent to others. */
    public Receiver receiver() {
        return Receiver.open(contexts);
    }

    /** Calls {@code listener} with the reason, once, when this place in the tree is lost or left. Never inside a turn. */
    public void onGone(Consumer<String> listener) {
        listener().onGone(listener);
    }

    /**
     * Leaves the tree. What was sent before has left when this returns, if the listener reads it within the broker's grace time.
     * Closing again does nothing.
     */
    @Override
    public void close() {
        if (!broker.inTurn()) {
            drain();
        }
        broker.runInTurn(() -> link.stream().close("this client was closed"));
        if (ownsBroker) {
            broker.close();
        } else {
            crew.await(router);
        }
    }

    private void drain() {
        long untilNs = System.nanoTime() + broker.graceNs();
        while (link.stream().queuedBytes() > 0
                && untilNs - System.nanoTime() > 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, DRAIN_CHECK_NS);
        }
    }

    /** The link is gone: fails everything that waits, and all that comes later. */
    private void end(String reason) {
        goneReason = reason;
        contexts.drain();
        router.onExit("the respondent Context has disconnected: " + reason);
        broker.listeners().remove(router);
        broker.listeners().remove(events);
    }

    /** What the router and the broker tell; all of it inside turns. */
    private final class Events implements RouterListener, BrokerListener {
        @Override
        public void onLinkGone(Link gone, String reason) {
            end("the link to the listener at " + path + " is gone: " + reason);
        }

        @Override
        public void onContextGone(int contextId, @Nullable Link over, String reason) {}

        @Override
        public void onShutdown() {
            link.stream().close("the broker was shut down");
        }

        @Override
        public void onExit(String reason) {
            link.stream().close(reason);
        }
    }

    @Override
    public String toString() {
        return "context " + id() + " of the tree at " + path;
    }
}
