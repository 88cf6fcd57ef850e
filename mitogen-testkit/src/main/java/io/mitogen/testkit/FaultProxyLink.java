// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/** One connection through a {@link FaultProxy}: a socket to the client and one to the server. The proxy's thread. */
final class FaultProxyLink {
    private static final int READ_SIZE = 16 << 10;
    private static final int MOST_WAITING = 1 << 20; // bytes in one direction, then nothing more is read
    private static final long BLOCKED = -1; // until the socket takes more

    private final SocketChannel client;
    private final SocketChannel server;
    private final Flow toServer;
    private final Flow toClient;
    private boolean isSwallowing;
    private boolean isClosed;

    private FaultProxyLink(
            SocketChannel client, SocketChannel server, Selector selector, Map<FaultProxy.Direction, AtomicLong> passed)
            throws IOException {
        this.client = client;
        this.server = server;
        SelectionKey clientKey = register(client, selector);
        SelectionKey serverKey = register(server, selector);
        toServer = new Flow(FaultProxy.Direction.TO_SERVER, clientKey, serverKey, passed);
        toClient = new Flow(FaultProxy.Direction.TO_CLIENT, serverKey, clientKey, passed);
    }

    /** Connects to the server; when that fails, the client gets a reset and the link is closed. */
    static FaultProxyLink open(
            SocketChannel client,
            InetSocketAddress address,
            Selector selector,
            Map<FaultProxy.Direction, AtomicLong> passed)
            throws IOException {
        SocketChannel server = SocketChannel.open();
        boolean isConnected = false;
        try {
            isConnected = server.connect(address);
        } catch (IOException expected) { // the client finds out, as it would without a proxy
            server.close();
            server = SocketChannel.open();
        }
        FaultProxyLink link = new FaultProxyLink(client, server, selector, passed);
        if (!isConnected) {
            link.cut(FaultProxy.Cut.RESET);
        }
        return link;
    }

    private static SelectionKey register(SocketChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel.register(selector, SelectionKey.OP_READ);
    }

    /** Moves what may be moved; returns in how many ns more may be, unless a socket tells earlier. */
    long pump(FaultProxySettings settings, long now) {
        FaultProxySettings.Trigger trigger = settings.trigger();
        try {
            maybeCut(trigger);
            long pause = isClosed ? Long.MAX_VALUE : toServer.pump(settings, now);
            maybeCut(trigger);
            pause = isClosed ? Long.MAX_VALUE : Math.min(pause, toClient.pump(settings, now));
            maybeCut(trigger);
            if (!isClosed && toServer.isOver() && toClient.isOver()) {
                close();
            }
            return isClosed ? Long.MAX_VALUE : pause;
        } catch (IOException expected) { // one side has broken the connection: the other shall see the same
            cut(FaultProxy.Cut.RESET);
            return Long.MAX_VALUE;
        }
    }

    private void maybeCut(FaultProxySettings.Trigger trigger) {
        if (trigger != null && !isSwallowing && !isClosed) {
            Flow flow = trigger.direction() == FaultProxy.Direction.TO_SERVER ? toServer : toClient;
            if (flow.passed >= trigger.bytes()) {
                cut(trigger.cut());
            }
        }
    }

    void cut(FaultProxy.Cut cut) {
        isSwallowing = true;
        toServer.swallow();
        toClient.swallow();
        try {
            switch (cut) {
                case BLACK_HOLE:
                    break;
                case RESET:
                    client.setOption(StandardSocketOptions.SO_LINGER, 0);
                    server.setOption(StandardSocketOptions.SO_LINGER, 0);
                    close();
                    break;
                case CLOSE:
                    client.shutdownOutput();
                    server.shutdownOutput();
                    break;
                default:
                    throw new IllegalArgumentException(cut + " is no cut");
            }
        } catch (IOException expected) { // it is broken already
            close();
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    void close() {
        isClosed = true;
        try {
            client.close();
            server.close();
        } catch (IOException expected) { // nobody is left to be told
            isSwallowing = true;
        }
    }

    /** One direction. */
    private final class Flow {
        private final FaultProxy.Direction direction;
        private final SelectionKey from;
        private final SelectionKey to;
        private final AtomicLong passedByAll;
        private final Queue<Chunk> waiting = new ArrayDeque<>();
        private int waitingBytes;
        private long passed;
        private long notBefore = System.nanoTime();
        private boolean isAtEnd;
        private long endDueNs;
        private boolean isEndPassed;

        Flow(
                FaultProxy.Direction direction,
                SelectionKey from,
                SelectionKey to,
                Map<FaultProxy.Direction, AtomicLong> passed) {
            this.direction = direction;
            this.from = from;
            this.to = to;
            this.passedByAll = passed.get(direction);
        }

        boolean isOver() {
            return isSwallowing ? isAtEnd : isEndPassed;
        }

        /** Makes room: what waits goes where all goes that comes. */
        void swallow() {
            waiting.clear();
            waitingBytes = 0;
        }

        long pump(FaultProxySettings settings, long now) throws IOException {
            read(settings, now);
            long pause = isSwallowing ? Long.MAX_VALUE : write(settings, now);
            boolean isRoom = !isAtEnd && waitingBytes < MOST_WAITING;
            setInterest(from, SelectionKey.OP_READ, isRoom);
            setInterest(to, SelectionKey.OP_WRITE, pause == BLOCKED);
            return pause == BLOCKED ? Long.MAX_VALUE : pause;
        }

        private void read(FaultProxySettings settings, long now) throws IOException {
            while (!isAtEnd && waitingBytes < MOST_WAITING) {
                ByteBuffer bytes = ByteBuffer.allocate(READ_SIZE);
                int count = readInto(bytes);
                if (count <= 0) {
                    isAtEnd = count < 0;
                    endDueNs = now + settings.delayNs();
                    return;
                }
                if (!isSwallowing) {
                    waiting.add(new Chunk(bytes.flip(), now + settings.delayNs()));
                    waitingBytes += count;
                }
            }
        }

        private int readInto(ByteBuffer bytes) throws IOException {
            try {
                return ((SocketChannel) from.channel()).read(bytes);
            } catch (IOException e) {
                if (isSwallowing) { // a reset is swallowed like all else
                    return -1;
                }
                throw e;
            }
        }

        /** Returns the pause until more may be written, or {@link #BLOCKED}. */
        private long write(FaultProxySettings settings, long now) throws IOException {
            if (waiting.isEmpty()) {
                return passEnd(now);
            }
            Chunk first = waiting.element();
            long pause = Math.max(first.dueNs() - now, notBefore - now);
            if (pause > 0) {
                return pause;
            }
            int most = Math.min(settings.mostAtOnce(), first.bytes().remaining());
            FaultProxySettings.Trigger trigger = settings.trigger();
            if (trigger != null && trigger.direction() == direction) {
                most = (int) Math.min(most, trigger.bytes() - passed);
            }
            int count =
                    ((SocketChannel) to.channel()).write(first.bytes().slice().limit(most));
            if (count == 0) {
                return BLOCKED;
            }
            first.bytes().position(first.bytes().position() + count);
            waitingBytes -= count;
            passed += count;
            passedByAll.addAndGet(count);
            notBefore = now + settings.pauseNsAfter(count);
            if (!first.bytes().hasRemaining()) {
                waiting.remove();
            }
            return 0;
        }

        private long passEnd(long now) throws IOException {
            if (!isAtEnd || isEndPassed) {
                return Long.MAX_VALUE;
            }
            if (endDueNs - now > 0) {
                return endDueNs - now;
            }
            ((SocketChannel) to.channel()).shutdownOutput();
            isEndPassed = true;
            return Long.MAX_VALUE;
        }

        private void setInterest(SelectionKey key, int operation, boolean isWanted) {
            int operations = key.interestOps();
            key.interestOps(isWanted ? operations | operation : operations & ~operation);
        }
    }

    /** Bytes that arrived, and when they shall leave. */
    private record Chunk(ByteBuffer bytes, long dueNs) {}
}
