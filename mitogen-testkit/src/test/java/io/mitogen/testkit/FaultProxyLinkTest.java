// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import io.mitogen.core.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One link, pumped by the test, with real sockets at both ends. */
final class FaultProxyLinkTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Nothing leaves, so that all that is read waits. */
    private static final FaultProxySettings STUCK = FaultProxySettings.NONE.withDelay(Duration.ofDays(1));

    @ParameterizedTest
    @EnumSource(
            value = FaultProxy.Cut.class,
            names = {"BLACK_HOLE", "CLOSE"})
    void shouldSwallowThoughItHasReadAllThatMayWait(FaultProxy.Cut cut) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (Selector selector = Selector.open();
                ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(here, 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel accepted = listener.accept()) {
            FaultProxyLink link = FaultProxyLink.open(
                    accepted,
                    (InetSocketAddress) listener.getLocalAddress(),
                    selector,
                    Map.of(
                            FaultProxy.Direction.TO_SERVER,
                            new AtomicLong(),
                            FaultProxy.Direction.TO_CLIENT,
                            new AtomicLong()));
            client.configureBlocking(false);
            Eventually.until(SOON, "nothing more is read", () -> {
                send(client);
                link.pump(STUCK, System.nanoTime());
                return (accepted.keyFor(selector).interestOps() & SelectionKey.OP_READ) == 0;
            });

            link.cut(cut);

            try (SocketChannel server = listener.accept()) {
                client.shutdownOutput();
                server.shutdownOutput();
                Eventually.until(SOON, "both ends are seen", () -> {
                    link.pump(STUCK, System.nanoTime());
                    return link.isClosed();
                });
            }
        }
    }

    private static void send(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.allocate(1 << 16));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
