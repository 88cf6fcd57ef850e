// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad network: passes connections to a port of 127.0.0.1 on to a server, and slows them, chops them or cuts them on demand,
 * also while they are in use. A fresh one changes nothing. One daemon thread serves all connections.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(sshd.host(), sshd.port())) {
 *     proxy.cutAfter(FaultProxy.Direction.TO_CLIENT, 2000, FaultProxy.Cut.RESET);
 *     ... connect to 127.0.0.1, port proxy.port() ...
 * }
 * }</pre>
 *
 * <p>Any thread.
 */
public final class FaultProxy implements AutoCloseable {
    /** Where bytes go. */
    public enum Direction {
        /** What the client sends, who connected to the proxy. */
        TO_SERVER,
        /** What the server answers. */
        TO_CLIENT
    }

    /** A way for a connection to fail. */
    public enum Cut {
        /** Swallows everything from both sides and tells nobody, not even when one side closes: a cable that was pulled. */
        BLACK_HOLE,
        /** Both sides get a reset, which may overtake what they have not read yet: a host that was restarted. */
        RESET,
        /** Both sides read the end of the stream after what was passed on so far; what they still send is swallowed. */
        CLOSE
    }

    private static final long CONNECT_GRACE_MS = 5000;

    private final InetSocketAddress server;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final int port;
    private final Thread thread;
    private final Queue<FutureTask<Void>> commands = new ConcurrentLinkedQueue<>(); // added to under its own lock
    private final Map<Direction, AtomicLong> passed = new EnumMap<>(Direction.class);
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final Set<FaultProxyLink> links = new LinkedHashSet<>(); // proxy's thread only
    private FaultProxySettings settings = FaultProxySettings.NONE; // proxy's thread only
    private volatile boolean isClosed; // set under the lock of commands

    private FaultProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        for (Direction direction : Direction.values()) {
            passed.put(direction, new AtomicLong());
        }
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        thread = new Thread(this::serve, "mitogen.testkit.proxy." + port);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts a proxy on a free port of 127.0.0.1. It connects to the server once for each client, and waits for that.
     *
     * @throws UncheckedIOException when the host's name has no address, or no port is free
     */
    public static FaultProxy to(String host, int port) {
        try {
            return new FaultProxy(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a proxy to " + host + ":" + port, e);
        }
    }

    /** Returns the port of 127.0.0.1 that clients shall connect to. */
    public int port() {
        return port;
    }

    /** Lets each byte that is received from now on arrive that much later, in each direction. */
    public void delay(Duration oneWay) {
        run(() -> settings = settings.withDelay(oneWay));
    }

    /** Lets no more pass in each direction of each connection; 0 for no limit. */
    public void limitRate(long bytesPerSecond) {
        run(() -> settings = settings.withRate(bytesPerSecond));
    }

    /** Passes no more than this on in one piece: 1 for the worst case, 0 for no limit. */
    public void chop(int bytes) {
        run(() -> settings = settings.withPiece(bytes));
    }

    /**
     * Cuts connections, those that are open and later ones, as soon as so many bytes of that connection have been passed on in
     * that direction. Replaces what an earlier call said.
     *
     * @param bytes 0 for as soon as a client connects
     */
    public void cutAfter(Direction direction, long bytes, Cut cut) {
        run(() -> settings = settings.withTrigger(new FaultProxySettings.Trigger(direction, bytes, cut)));
    }

    /** Cuts all connections that are open. After {@link Cut#BLACK_HOLE}, later ones are swallowed, too. */
    public void cut(Cut cut) {
        run(() -> {
            if (cut == Cut.BLACK_HOLE) {
                settings = settings.withTrigger(new FaultProxySettings.Trigger(Direction.TO_SERVER, 0, cut));
            }
            for (FaultProxyLink link : new ArrayList<>(links)) {
                link.cut(cut);
            }
        });
    }

    /** Treats later connections well, and those that are open and were not cut yet. */
    public void restore() {
        run(() -> settings = FaultProxySettings.NONE);
    }

    /** Returns how many bytes of all connections have been passed on; what was swallowed does not count. */
    public long bytes(Direction direction) {
        return passed.get(direction).get();
    }

    /** Returns how many clients have connected so far. */
    public int connections() {
        return accepted.get();
    }

    /** Returns how many connections are open, which those in a black hole are until both sides have closed. */
    public int openConnections() {
        return open.get();
    }

    /** Ends the proxy and all its connections, and gives up to connect to a server that does not answer. */
    @Override
    public void close() {
        synchronized (commands) {
            isClosed = true;
        }
        selector.wakeup();
        try {
            thread.join(CONNECT_GRACE_MS);
            thread.interrupt(); // breaks off an attempt to connect that nobody answers
            thread.join(CONNECT_GRACE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "proxy on 127.0.0.1:" + port + " to " + server;
    }

    /** Returns when the proxy's thread has done it, so that the caller knows what happens to the next byte. */
    private void run(Runnable action) {
        FutureTask<Void> command = new FutureTask<>(action, null);
        synchronized (commands) {
            if (isClosed) {
                throw new IllegalStateException(this + " is closed");
            }
            commands.add(command);
        }
        selector.wakeup();
        try {
            command.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                throw (IllegalArgumentException) e.getCause();
            }
            throw new IllegalStateException(this + " failed", e.getCause());
        }
    }

    private void serve() {
        try {
            while (true) {
                runCommands();
                if (isClosed) {
                    return;
                }
                accept();
                waitFor(pump());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(this + " failed", e);
        } finally {
            synchronized (commands) {
                isClosed = true;
                commands.forEach(command -> command.cancel(false));
            }
            links.forEach(FaultProxyLink::close);
            closeAll();
        }
    }

    private void runCommands() {
        for (FutureTask<Void> command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            accepted.incrementAndGet();
            links.add(FaultProxyLink.open(client, server, selector, passed));
        }
    }

    /** Returns in how many ns there is something to do that no socket will tell. */
    private long pump() {
        long now = System.nanoTime();
        long pause = Long.MAX_VALUE;
        for (FaultProxyLink link : links) {
            pause = Math.min(pause, link.pump(settings, now));
        }
        links.removeIf(FaultProxyLink::isClosed);
        open.set(links.size());
        return pause;
    }

    private void waitFor(long ns) throws IOException {
        selector.selectedKeys().clear();
        if (ns <= 0) {
            selector.selectNow();
        } else if (ns == Long.MAX_VALUE) {
            selector.select();
        } else {
            selector.select(TimeUnit.NANOSECONDS.toMillis(ns) + 1);
        }
    }

    private void closeAll() {
        try {
            listener.close();
            selector.close(); // and with it the sockets that it still had
        } catch (IOException e) {
            throw new UncheckedIOException(this + " does not close", e);
        }
    }
}
