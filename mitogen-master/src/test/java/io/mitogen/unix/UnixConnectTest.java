// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.CallInterruptedException;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.unix.UnixConnectException.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a client says of sockets that it cannot join, whatever is behind them. */
final class UnixConnectTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Duration SHORT = Duration.ofMillis(100);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    @TempDir
    private Path folder;

    private final Broker broker = Broker.start("client-test", 1_000, log.sink());

    @AfterEach
    void close() {
        broker.close();
    }

    private void checkFails(Reason reason, Path path, Duration limit, String... texts) {
        UnixConnectException e =
                assertThrows(UnixConnectException.class, () -> UnixClient.connect(broker, path, limit));
        assertEquals(reason, e.reason(), e.getMessage());
        assertTrue(e.getMessage().startsWith("cannot join the listener at " + path + ": "), e.getMessage());
        for (String text : texts) {
            assertTrue(e.getMessage().contains(text), e.getMessage());
        }
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Threads.daemon("unix-connect-test", task).start();
        return task;
    }

    /** A listener that says what its test wants to the one client that comes, and then closes or waits for its end. */
    private final class Scripted implements AutoCloseable {
        final Path path = folder.resolve("scripted");
        private final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final FutureTask<String> heard;
        private final CountDownLatch greeted = new CountDownLatch(1);

        Scripted(boolean closes, byte[]... parts) throws IOException {
            channel.bind(UnixDomainSocketAddress.of(path));
            heard = started(() -> serve(closes, parts));
        }

        private String serve(boolean closes, byte[]... parts) throws IOException {
            ByteBuffer hello = ByteBuffer.allocate(64);
            try (SocketChannel client = channel.accept()) {
                client.read(hello);
                greeted.countDown();
                for (byte[] part : parts) {
                    client.write(ByteBuffer.wrap(part));
                }
                while (!closes && client.read(hello) >= 0) {
                    // until the client closes
                }
            }
            return WireBytes.hex(Arrays.copyOf(hello.array(), hello.position()));
        }

        void awaitHello() throws InterruptedException {
            assertTrue(greeted.await(LONG.toSeconds(), TimeUnit.SECONDS));
        }

        String heard() throws Exception {
            return heard.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void shouldSayItsProcessIdAndNothingElse() throws Exception {
        byte[] welcome = new Welcome(7, 3, 4711).toBytes();
        byte[] first = Arrays.copyOf(welcome, 5);
        byte[] rest = Arrays.copyOfRange(welcome, 5, welcome.length);
        try (Scripted listener = new Scripted(false, first, rest)) {
            UnixClient client = UnixClient.connect(broker, listener.path);
            assertEquals(7, client.id());
            assertEquals(3, client.listener().id());
            assertEquals(4711, client.listenerPid());
            client.close();
            assertEquals(WireBytes.hex(Welcome.hello(ProcessHandle.current().pid())), listener.heard());
        }
    }

    @Test
    void shouldSendWithItsOwnIdAndAuthority() throws Exception {
        try (Scripted listener = new Scripted(false, new Welcome(7, 3, 4711).toBytes())) {
            UnixClient client = UnixClient.connect(broker, listener.path);
            client.context(9).send(1_234, null);
            client.close();
            String frame = "4d49" + "00000009" + "00000007" + "00000007" + "000004d2" + "00000000";
            assertTrue(listener.heard().substring(8).startsWith(frame), listener.heard());
        }
    }

    @Test
    void shouldSayThatThereIsNoSocket() {
        checkFails(Reason.NO_SOCKET, folder.resolve("absent"), LONG, "there is no such socket", "does the program");
        checkFails(Reason.NO_SOCKET, folder.resolve("absent/s"), LONG);
    }

    @Test
    void shouldSayThatNobodyListens() throws IOException {
        Path path = folder.resolve("dead");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        checkFails(Reason.REFUSED, path, LONG, "nobody listens there any more", "start the program");
    }

    @Test
    void shouldSayThatItIsNoSocket() throws IOException {
        checkFails(Reason.NOT_MITOGEN, Files.writeString(folder.resolve("file"), ""), LONG, "it is no socket");
        checkFails(Reason.NOT_MITOGEN, folder, LONG, "it is no socket");
    }

    @Test
    void shouldGiveUpWhenTheListenerStaysSilent() throws Exception {
        checkGivesUp("said 0 of 12 bytes");
    }

    @Test
    void shouldGiveUpWhenTheListenerStopsInTheMiddle() throws Exception {
        checkGivesUp("said 5 of 12 bytes", new byte[5]);
    }

    /** Lets the listener say something and no more; with a longer limit, too, as a busy machine may need it to come so far. */
    private void checkGivesUp(String said, byte[]... parts) throws IOException {
        Duration limit = SHORT;
        while (!textOfTimeout(limit, parts).contains(said + ", within " + limit.toMillis() + " ms")) {
            limit = limit.multipliedBy(2);
            assertTrue(limit.compareTo(LONG) < 0, "not even after so long: " + said);
        }
    }

    private String textOfTimeout(Duration limit, byte[]... parts) throws IOException {
        try (Scripted listener = new Scripted(false, parts)) {
            UnixConnectException e =
                    assertThrows(UnixConnectException.class, () -> UnixClient.connect(broker, listener.path, limit));
            assertEquals(Reason.TIMEOUT, e.reason(), e.getMessage());
            return e.getMessage();
        } finally {
            Files.delete(folder.resolve("scripted"));
        }
    }

    @Test
    void shouldGiveUpWhenNobodyIsAccepted() throws IOException {
        Path path = folder.resolve("full");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        try (ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            full.bind(address, 1);
            first.configureBlocking(false);
            first.connect(address);
            second.configureBlocking(false);
            second.connect(address);
            checkFails(Reason.TIMEOUT, path, SHORT, "too many wait already");
        }
    }

    @Test
    void shouldSayThatTheHandshakeWasCutOff() throws IOException {
        try (Scripted listener = new Scripted(true)) {
            checkFails(Reason.CUT_OFF, listener.path, LONG, "after 0 of 12 bytes");
        }
        Files.delete(folder.resolve("scripted"));
        try (Scripted listener = new Scripted(true, new byte[11])) {
            checkFails(Reason.CUT_OFF, listener.path, LONG, "after 11 of 12 bytes");
        }
    }

    @Test
    void shouldNotTakeAnythingElseForAListener() throws IOException {
        byte[][] answers = {
            "HTTP/1.1 400 Bad Request\r\n".getBytes(),
            new byte[12],
            new Welcome(5, 5, 100).toBytes(),
            new Welcome(5, 0, 0).toBytes()
        };
        for (byte[] answer : answers) {
            try (Scripted listener = new Scripted(true, answer)) {
                checkFails(Reason.NOT_MITOGEN, listener.path, LONG, "is not what Mitogen's listeners say");
            }
            Files.delete(folder.resolve("scripted"));
        }
    }

    @Test
    void shouldEndTheLinkWhenTheListenerDoesNotSpeakInFrames() throws Exception {
        log.expect("is corrupt: not a Mitogen frame");
        byte[] garbage = "x".repeat(100).getBytes();
        try (Scripted listener = new Scripted(false, new Welcome(7, 0, 4711).toBytes(), garbage)) {
            UnixClient client = UnixClient.connect(broker, listener.path);
            assertTrue(client.listener()
                    .gone()
                    .get(LONG.toSeconds(), TimeUnit.SECONDS)
                    .contains("not a Mitogen frame"));
            listener.heard();
            client.close();
        }
    }

    @Test
    void shouldEndTheWaitWhenTheCallerIsInterrupted() throws Exception {
        try (Scripted listener = new Scripted(false)) {
            FutureTask<Boolean> caller = new FutureTask<>(() -> {
                assertThrows(CallInterruptedException.class, () -> UnixClient.connect(broker, listener.path));
                return Thread.interrupted();
            });
            Thread thread = Threads.daemon("unix-connect-test", caller);
            thread.start();
            Eventually.until(LONG, () -> Arrays.toString(thread.getStackTrace()).contains("Dial.exchange"));
            thread.interrupt();
            assertTrue(caller.get(LONG.toSeconds(), TimeUnit.SECONDS), "still interrupted");
        }
    }

    @Test
    void shouldEndTheWaitWhenTheBrokerIsClosed() throws Exception {
        try (Scripted listener = new Scripted(false)) {
            FutureTask<BrokerClosedException> caller = started(() ->
                    assertThrows(BrokerClosedException.class, () -> UnixClient.connect(broker, listener.path, LONG)));
            listener.awaitHello();
            broker.close();
            caller.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThrows(BrokerClosedException.class, () -> UnixClient.connect(broker, folder.resolve("scripted")));
    }

    @Test
    void shouldRefuseToWaitInsideATurn() {
        broker.runInTurn(() -> assertTrue(
                assertThrows(IllegalStateException.class, () -> UnixClient.connect(broker, folder.resolve("s")))
                        .getMessage()
                        .contains("inside a turn")));
    }
}
