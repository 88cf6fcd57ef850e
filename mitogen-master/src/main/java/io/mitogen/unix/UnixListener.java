// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.BrokerListener;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.PeerLog;
import io.mitogen.core.route.RouterListener;
import io.mitogen.master.MasterRouter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets other programs of this user join the tree of a master over a unix socket: Java programs with {@link UnixClient}, Python
 * programs with {@code mitogen.unix.connect}. Any thread.
 *
 * <p>The socket's file has the mode 0600 from its first moment, and that is the only guard: <b>whoever can open it has this
 * master's authority</b> over all its contexts. A client can call every context below the master and send to it, and be answered. It
 * cannot call the master itself, cannot have contexts below it, and brings no classes: contexts get theirs from the master, so a
 * client calls what the master's class path has.
 *
 * <p>With the listener, its router or its broker, whichever ends first, clients are cut off at once and the file is deleted, unless
 * another program has put its own in its place. It is also deleted when the JVM ends in order. What a killed JVM leaves is replaced
 * by the next listener at the same path.
 *
 * <p>Only a master can listen: nobody above another context would know how to answer its clients.
 */
public final class UnixListener implements AutoCloseable {
    /** How long a client may take for its four bytes. */
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

    private static final long ACCEPT_RETRY_MS = 100;

    /** How long a close waits for the thread that takes clients, which may be in a log handler. */
    private static final long ACCEPTOR_END_MS = 1_000;

    private static final String REFUSALS = "clients that were not served";

    private final MasterRouter router;
    private final Broker broker;
    private final PeerLog log;
    private final SocketFile file;
    private final ServerSocketChannel channel;
    private final long helloLimitNs;
    private final Events events = new Events();
    private final Runnable closer = this::close;
    private final Thread exitHook;
    private final Thread acceptor;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean done;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Set<Stream> clients = new LinkedHashSet<>(); // inside turns

    private UnixListener(MasterRouter router, SocketFile file, ServerSocketChannel channel, Duration helloLimit) {
        this.router = router;
        this.broker = router.router().broker();
        this.file = file;
        this.log = new PeerLog(broker, router.router().log().named("mitogen.unix"), "listener at " + path());
        this.channel = channel;
        this.helloLimitNs = helloLimit.toNanos();
        this.acceptor = Threads.daemon("unix." + path().getFileName(), this::acceptAll);
        this.exitHook = Threads.daemon("unix.exit", file::delete);
    }

    /** Listens at a path of its own in the folder for temporary files, as {@code /tmp/mitogen_unix_1x2y3z.sock}. */
    public static UnixListener open(MasterRouter router) {
        return open(router, SocketFile.unusedPath());
    }

    /**
     * Listens at {@code path}. A socket that is there and has no listener any more is replaced, anything else is not.
     *
     * @throws UnixListenException when that is not possible; says why, and what helps
     */
    public static UnixListener open(MasterRouter router, Path path) {
        return open(router, path, HELLO_LIMIT);
    }

    static UnixListener open(MasterRouter router, Path path, Duration helloLimit) {
        ServerSocketChannel channel;
        try {
            channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException | UnsupportedOperationException e) {
            throw new UnixListenException(UnixListenException.Reason.FAILED, path, "no socket can be had: " + e, e);
        }
        UnixListener listener = null;
        try {
            listener = new UnixListener(router, SocketFile.bind(channel, path), channel, helloLimit);
            listener.start();
            return listener;
        } catch (RuntimeException | Error e) {
            if (listener != null) {
                listener.close();
            }
            close(channel);
            throw e;
        }
    }

    private void start() {
        Runtime.getRuntime().addShutdownHook(exitHook);
        router.closing().add(closer);
        router.router().listeners().add(events);
        broker.listeners().add(events);
        if (router.isClosed() || broker.isClosed()) {
            throw new BrokerClosedException("cannot listen at " + path() + " for a router that was closed");
        }
        broker.threads().told(router.router(), acceptor).start();
    }

    /** Returns the absolute path of the socket: what clients need. */
    public Path path() {
        return file.path();
    }

    // == Clients ==

    private void acceptAll() {
        boolean told = false;
        while (!closed.get()) {
            SocketChannel client;
            try {
                client = channel.accept();
                told = false;
            } catch (ClosedChannelException expected) { // by close()
                return;
            } catch (IOException e) { // mostly, no descriptors are left: the client waits until there are
                if (!told) {
                    log.log(
                            Log.WARNING,
                            REFUSALS,
                            this + " cannot accept a client, and keeps trying: " + e.getMessage());
                    told = true;
                }
                awaitEnd();
                continue;
            }
            boolean isTaken = false;
            try {
                isTaken = broker.tryDefer(() -> onAccepted(client));
            } catch (OutOfMemoryError expected) { // there may be room for the next client
                log.log(Log.WARNING, REFUSALS, this + " has no memory for a client");
            } finally {
                if (!isTaken) {
                    close(client);
                }
            }
        }
    }

    private void awaitEnd() {
        try {
            end.await(ACCEPT_RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException expected) {
            // nobody has a reason to interrupt this thread; the next attempt tells whether it is over
        }
    }

    @BrokerThread
    private void onAccepted(SocketChannel client) {
        if (closed.get()) {
            close(client);
            return;
        }
        Stream stream = new Stream(
                broker, "client of " + path(), new ChannelReceiveSide(client), new ChannelTransmitSide(client));
        ClientHello hello = new ClientHello(events);
        stream.protocol(hello);
        try {
            stream.open();
        } catch (IOException | RuntimeException e) {
            close(client);
            log.log(Log.WARNING, REFUSALS, this + " cannot serve a client: " + e);
            return;
        }
        clients.add(stream);
        broker.after(helloLimitNs, () -> {
            if (hello.isWaiting()) {
                stream.close("it did not say its process id within " + helloLimitNs / 1_000_000 + " ms");
            }
        });
    }

    /** What clients, the router and the broker tell; all of it inside turns. */
    private final class Events implements ClientHello.Owner, RouterListener, BrokerListener {
        @Override
        public void onHello(Stream stream, int pid) {
            int id = router.allocateId();
            int ownId = router.router().identity().id();
            byte[] welcome =
                    new Welcome(id, ownId, (int) ProcessHandle.current().pid()).toBytes();
            stream.send(queue -> queue.appendGiven(welcome));
            router.onClientUp(stream, id, "unix_client." + Integer.toUnsignedString(pid));
            log.log(
                    Log.DEBUG,
                    "clients",
                    "process " + Integer.toUnsignedString(pid) + " joined over " + path() + " as context " + id);
        }

        @Override
        public void onSilent(Stream stream, int bytes, String reason) {
            clients.remove(stream);
            boolean isProbe = bytes == 0 && reason.equals(Stream.HANG_UP);
            log.log(
                    isProbe || closed.get() ? Log.DEBUG : Log.WARNING,
                    isProbe ? "probes" : "clients that did not say who they are",
                    this + ": a client is gone before it said who it is, after " + bytes + " of " + Welcome.HELLO_BYTES
                            + " bytes: " + reason);
        }

        @Override
        public void onLinkGone(Link link, String reason) {
            clients.remove(link.stream());
        }

        @Override
        public void onContextGone(int contextId, @Nullable Link over, String reason) {}

        @Override
        public void onShutdown() {
            close();
        }

        @Override
        public void onExit(String reason) {
            close();
        }

        @Override
        public String toString() {
            return UnixListener.this.toString();
        }
    }

    // == The end ==

    /** Deletes the socket and cuts off all clients. Closing again does nothing. */
    @Override
    public void close() {
        if (done) {
            return;
        }
        closed.set(true);
        end.countDown();
        file.delete(); // while the channel is open: see there
        close(channel);
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException expected) {
            // the JVM ends, and so it has run
        }
        router.closing().remove(closer);
        broker.listeners().remove(events);
        broker.runInTurn(() -> {
            for (Stream client : clients.toArray(new Stream[0])) {
                client.close("the listener was closed");
            }
        });
        router.router().listeners().remove(events);
        log.flush();
        awaitAcceptor();
        done = true; // last: on a full heap it is closed again until this is reached
    }

    private void awaitAcceptor() {
        if (broker.inTurn()) {
            return;
        }
        try {
            acceptor.join(ACCEPTOR_END_MS);
        } catch (InterruptedException expected) { // the caller is in a hurry, and it ends all the same
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception expected) {
            // nothing was written to it that could be lost
        }
    }

    @Override
    public String toString() {
        return "the listener at " + path();
    }
}
