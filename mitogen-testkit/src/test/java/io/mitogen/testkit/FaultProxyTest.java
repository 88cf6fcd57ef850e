// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.testkit.FaultProxy.Cut;
import io.mitogen.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets at both ends of the proxy. */
@Timeout(60)
final class FaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** The common pool has one thread only where there are two processors. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private static final int MORE_THAN_A_BACKLOG = 10;

    private LeakCheck leaks;
    private ServerSocket listener;
    private FaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void start() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        leaks = LeakCheck.startAll();
        proxy = FaultProxy.to("127.0.0.1", listener.getLocalPort());
    }

    @AfterEach
    void shouldLeaveNothing() throws IOException {
        proxy.close();
        client.close();
        server.close();
        leaks.check(SOON);
        listener.close();
    }

    private void connect() throws IOException {
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        server = listener.accept();
    }

    @Test
    void shouldPassEverythingInBothDirectionsWhenNotTold() throws Exception {
        connect();
        assertPasses(2 << 20);
        Eventually.until(SOON, "both sides have closed", () -> proxy.openConnections() == 0);
        assertEquals(2 << 20, proxy.bytes(Direction.TO_SERVER));
        assertEquals(2 << 20, proxy.bytes(Direction.TO_CLIENT));
        assertEquals(1, proxy.connections());
    }

    @Test
    void shouldRefuseAHostWithoutAnAddressAtOnce() throws Exception {
        connect();
        UncheckedIOException e =
                assertThrows(UncheckedIOException.class, () -> FaultProxy.to("no-such-host.invalid", 22));
        assertTrue(e.getMessage().contains("no-such-host.invalid:22"), e.getMessage());
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldCloseThoughTheServerDoesNotAnswer() throws Exception {
        connect();
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FaultProxy toBusy = FaultProxy.to("127.0.0.1", busy.getLocalPort())) {
            boolean isFull = false;
            while (!isFull) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                isFull = !channel.connect(busy.getLocalSocketAddress()) && waiting.size() > MORE_THAN_A_BACKLOG;
            }
            waiting.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), toBusy.port())));
            Eventually.until(SOON, "the proxy connects", () -> toBusy.connections() == 1);
        } // closes the proxy
        for (SocketChannel channel : waiting) {
            channel.close();
        }
    }

    @Test
    void shouldPassTheSameBytesInPiecesOfOne() throws Exception {
        proxy.chop(1);
        connect();
        assertPasses(5000);
    }

    @Test
    void shouldPassOneByteAtATimeWhenChoppedAndSlow() throws Exception {
        proxy.chop(1);
        proxy.limitRate(1);
        connect();
        client.getOutputStream().write(new byte[3]);

        assertEquals(1, server.getInputStream().read(new byte[3]));
    }

    /** A lower bound, which holds however busy the machine is: the clock is what the proxy promises. */
    @Test
    void shouldDeliverNoByteBeforeItsDelay() throws Exception {
        Duration delay = Duration.ofMillis(300);
        proxy.delay(delay);
        connect();
        long begin = System.nanoTime();

        client.getOutputStream().write(1);
        server.getInputStream().read();
        server.getOutputStream().write(2);
        client.getInputStream().read();

        assertTrue(System.nanoTime() - begin >= 2 * delay.toNanos(), "there and back in less than two delays");
    }

    @Test
    void shouldDeliverNoMoreThanTheRate() throws Exception {
        proxy.limitRate(100_000);
        connect();
        long begin = System.nanoTime();

        client.getOutputStream().write(new byte[30_000]);
        server.getInputStream().readNBytes(30_000);

        assertTrue(System.nanoTime() - begin >= 290_000_000, "30 kB in less than 0.3 s at 100 kB/s");
    }

    @Test
    void shouldResetBothSidesAfterSoManyBytes() throws Exception {
        proxy.cutAfter(Direction.TO_CLIENT, 1000, Cut.RESET);
        connect();
        client.getOutputStream().write(new byte[5000]);
        server.getInputStream().readNBytes(5000);
        server.getOutputStream().write(new byte[999]);
        client.getInputStream().readNBytes(999);
        server.getOutputStream().write(new byte[999]);

        assertThrows(SocketException.class, () -> client.getInputStream().readAllBytes());
        assertThrows(SocketException.class, () -> server.getInputStream().readAllBytes());
        assertEquals(1000, proxy.bytes(Direction.TO_CLIENT));
    }

    @Test
    void shouldEndBothStreamsAfterSoManyBytes() throws Exception {
        proxy.cutAfter(Direction.TO_SERVER, 1000, Cut.CLOSE);
        connect();
        client.getOutputStream().write(new byte[1999]);

        assertEquals(1000, server.getInputStream().readAllBytes().length);
        assertEquals(0, client.getInputStream().readAllBytes().length);
        server.close();
        client.close();
        Eventually.until(SOON, "both sides have closed", () -> proxy.openConnections() == 0);
    }

    @Test
    void shouldSwallowEverythingAndTellNobodyAfterSoManyBytes() throws Exception {
        proxy.cutAfter(Direction.TO_SERVER, 1000, Cut.BLACK_HOLE);
        connect();
        client.getOutputStream().write(new byte[1001]);
        server.getInputStream().readNBytes(1000);
        client.getOutputStream().write(new byte[3 << 20]); // more than any buffer holds
        server.getOutputStream().write(new byte[3 << 20]);
        client.setSoLinger(true, 0);
        client.close();

        server.setSoTimeout(200);
        assertThrows(SocketTimeoutException.class, () -> server.getInputStream().read());
        assertEquals(1, proxy.openConnections());
        assertEquals(1000, proxy.bytes(Direction.TO_SERVER));
        assertEquals(0, proxy.bytes(Direction.TO_CLIENT));

        server.close();
        Eventually.until(SOON, "both sides have closed", () -> proxy.openConnections() == 0);
    }

    @Test
    void shouldCutNowAndSwallowLaterClientsUntilRestored() throws Exception {
        connect();
        Socket first = client;
        Socket firstServer = server;
        proxy.cut(Cut.BLACK_HOLE);
        connect();
        client.getOutputStream().write(1);
        first.getOutputStream().write(1);
        Socket second = client;
        Socket secondServer = server;
        proxy.restore();
        connect();
        client.getOutputStream().write(1);
        assertEquals(1, server.getInputStream().read());

        proxy.cut(Cut.CLOSE);

        assertEquals(-1, firstServer.getInputStream().read());
        assertEquals(-1, secondServer.getInputStream().read());
        assertEquals(-1, server.getInputStream().read());
        assertEquals(3, proxy.connections());
        for (Socket socket : new Socket[] {first, firstServer, second, secondServer}) {
            socket.close();
        }
    }

    @Test
    void shouldResetAClientAtOnceWhenNothingMayPass() throws Exception {
        proxy.cutAfter(Direction.TO_SERVER, 0, Cut.RESET);
        connect();
        assertThrows(SocketException.class, () -> client.getInputStream().read());
        assertThrows(SocketException.class, () -> server.getInputStream().read());
    }

    @Test
    void shouldResetTheClientWhenTheServerIsNotThere() throws Exception {
        connect();
        listener.close();
        try (Socket late = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            assertThrows(SocketException.class, () -> late.getInputStream().read());
        }
        assertEquals(1, proxy.openConnections());
    }

    @Test
    void shouldPassAResetOn() throws Exception {
        connect();
        client.setSoLinger(true, 0);
        client.close();
        assertThrows(SocketException.class, () -> server.getInputStream().read());
    }

    @Test
    void shouldRefuseWhatIsAskedAfterItsEnd() throws Exception {
        connect();
        proxy.close();
        assertEquals(-1, client.getInputStream().read());
        assertEquals(-1, server.getInputStream().read());
        assertThrows(IllegalStateException.class, () -> proxy.chop(1));
        proxy.close();
    }

    @Test
    void shouldRefuseNegativeFaults() throws Exception {
        connect();
        assertThrows(IllegalArgumentException.class, () -> proxy.chop(-1));
        assertThrows(IllegalArgumentException.class, () -> proxy.limitRate(-1));
        assertThrows(IllegalArgumentException.class, () -> proxy.delay(Duration.ofMillis(-1)));
        assertPasses(10);
    }

    private void assertPasses(int size) throws Exception {
        byte[] there = new byte[size];
        byte[] back = new byte[size];
        new Random(1).nextBytes(there);
        new Random(2).nextBytes(back);
        CompletableFuture<byte[]> atServer = CompletableFuture.supplyAsync(() -> readAll(server), OWN_THREAD);
        CompletableFuture<byte[]> atClient = CompletableFuture.supplyAsync(() -> readAll(client), OWN_THREAD);
        CompletableFuture<Void> fromServer = CompletableFuture.runAsync(() -> writeAll(server, back), OWN_THREAD);
        writeAll(client, there);
        fromServer.get();
        assertArrayEquals(there, atServer.get());
        assertArrayEquals(back, atClient.get());
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeAll(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
