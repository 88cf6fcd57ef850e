// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an interrupt ends no wait
class SocketLinkTest {
    /** The common pool may have one thread, and two are needed at a time. */
    private static final Executor OWN_THREAD = task -> new Thread(task).start();

    private SocketChannel peer;
    private SocketLink link;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(server.getLocalAddress());
            link = SocketLink.of(server.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        link.in().close();
    }

    private CompletableFuture<byte[]> readByPeer(int count) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Channels.newInputStream(peer).readNBytes(count);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                OWN_THREAD);
    }

    private CompletableFuture<Integer> readByLink() {
        InputStream in = link.in();
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return in.read();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                OWN_THREAD);
    }

    @Test
    void shouldWriteWhileSomebodyReads() throws Exception {
        CompletableFuture<Integer> read = readByLink();
        byte[] large = new byte[8 << 20]; // more than the system takes at once
        new Random(1).nextBytes(large);
        CompletableFuture<byte[]> received = readByPeer(large.length);

        link.out().write(large);

        assertArrayEquals(large, received.get());
        Channels.newOutputStream(peer).write(5);
        assertEquals(5, read.get());
    }

    @Test
    void shouldWriteOnWhenTheThreadIsInterrupted() throws Exception {
        byte[] large = new byte[8 << 20];
        Thread.currentThread().interrupt();
        CompletableFuture<byte[]> received = readByPeer(large.length + 1);

        OutputStream out = link.out();
        out.write(large);
        assertTrue(Thread.interrupted(), "the interrupt is lost");
        out.write(9);

        assertEquals(9, received.get()[large.length]);
    }

    @Test
    void shouldReadTheEndWhenThePeerCloses() throws Exception {
        CompletableFuture<Integer> read = readByLink();
        peer.close();
        assertEquals(-1, read.get());
    }

    @Test
    void shouldEndAReadThatWaitsWhenItIsClosed() throws Exception {
        CompletableFuture<Integer> read = readByLink();
        link.in().close();
        ExecutionException e = assertThrows(ExecutionException.class, read::get);
        assertTrue(e.getCause() instanceof IOException, () -> "" + e);
    }

    @Test
    void shouldReadOnWhenTheWriterCloses() throws Exception {
        CompletableFuture<byte[]> received = readByPeer(1);
        link.out().close();
        assertEquals(0, received.get().length);
        CompletableFuture<Integer> read = readByLink();
        Channels.newOutputStream(peer).write(3);
        assertEquals(3, read.get());
        link.in().close();
        link.out().close(); // closed already
    }
}
