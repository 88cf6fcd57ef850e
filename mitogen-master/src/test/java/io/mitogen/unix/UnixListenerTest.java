// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.master.MasterRouter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The socket's file, and the end of a listener. */
final class UnixListenerTest {
    private static final long GRACE_MS = 40_000; // more than a test may take: one that waits for it fails
    private static final String HELLO = "00000c87";

    @RegisterExtension
    final LoggedWarnings warnings = new LoggedWarnings();

    @TempDir
    private Path folder;

    private final RecordingSink sink = new RecordingSink();
    private final Broker broker = Broker.start("unix-test", GRACE_MS, sink);
    private final MasterRouter router = new MasterRouter(broker);

    @AfterEach
    void close() throws IOException {
        router.close();
        broker.close();
        assertFalse(broker.thread().isAlive());
        sink.check();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void leaveDeadSocket(Path path) throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
    }

    private void checkRefused(UnixListenException.Reason reason, Path path, String... texts) {
        UnixListenException e = assertThrows(UnixListenException.class, () -> UnixListener.open(router, path));
        assertEquals(reason, e.reason(), e.getMessage());
        assertTrue(e.getMessage().startsWith("cannot listen at " + path + ": "), e.getMessage());
        for (String text : texts) {
            assertTrue(e.getMessage().contains(text), e.getMessage());
        }
    }

    @Test
    void shouldMakeOneFileForTheUserAloneAndDeleteIt() throws IOException {
        Path path = folder.resolve("s");
        try (UnixListener listener = UnixListener.open(router, path)) {
            assertEquals(path, listener.path());
            assertEquals(List.of("s"), names());
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(path));
        }
        assertEquals(List.of(), names());
    }

    @Test
    void shouldMakeAPathWhenNoneIsGiven() throws IOException {
        Path path;
        try (UnixListener one = UnixListener.open(router);
                UnixListener other = UnixListener.open(router)) {
            path = one.path();
            assertFalse(path.equals(other.path()));
            assertEquals(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), path.getParent());
            assertTrue(path.getFileName().toString().matches("mitogen_unix_[0-9a-z]+\\.sock"), path.toString());
            RawClient.joined(path, HELLO).close();
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void shouldReplaceASocketWhenNobodyListensThereAnyMore() throws IOException {
        Path path = folder.resolve("s");
        leaveDeadSocket(path);
        try (UnixListener listener = UnixListener.open(router, path);
                RawClient client = RawClient.joined(listener.path(), HELLO)) {
            assertTrue(client.welcome().isPlausible());
            assertEquals(List.of("s"), names());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void shouldRefuseAPathWhereSomebodyListens() throws IOException {
        Path path = folder.resolve("s");
        try (UnixListener first = UnixListener.open(router, path)) {
            checkRefused(
                    UnixListenException.Reason.IN_USE, path, "another program listens there", "choose another path");
            try (RawClient client = RawClient.joined(first.path(), HELLO)) {
                assertTrue(client.welcome().isPlausible());
            }
            assertEquals(List.of("s"), names());
        }
    }

    @Test
    void shouldRefuseAPathWhereSomebodyListensWhoAcceptsNobody() throws IOException {
        Path path = folder.resolve("s");
        try (ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel first = SocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel second = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            full.bind(UnixDomainSocketAddress.of(path), 1);
            first.configureBlocking(false);
            first.connect(UnixDomainSocketAddress.of(path));
            second.configureBlocking(false);
            second.connect(UnixDomainSocketAddress.of(path));
            checkRefused(UnixListenException.Reason.IN_USE, path);
        }
    }

    @Test
    void shouldRefuseAPathWhereThereIsNoSocket() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        checkRefused(UnixListenException.Reason.NOT_A_SOCKET, file, "is no socket");
        assertEquals("precious", Files.readString(file));
        Path directory = Files.createDirectory(folder.resolve("directory"));
        checkRefused(UnixListenException.Reason.NOT_A_SOCKET, directory);
        leaveDeadSocket(folder.resolve("dead"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("dead"));
        checkRefused(UnixListenException.Reason.NOT_A_SOCKET, link);
        assertEquals(List.of("dead", "directory", "file", "link"), names());
    }

    @Test
    void shouldSayWhatIsWrongWithAFolder() {
        checkRefused(UnixListenException.Reason.NO_FOLDER, folder.resolve("absent/s"), "there is no folder " + folder);
        Path deep = folder.resolve("x".repeat(120));
        assertTrue(deep.toFile().mkdir());
        checkRefused(UnixListenException.Reason.PATH_TOO_LONG, deep.resolve("s"), "choose a shorter one");
        assertEquals(0, deep.toFile().list().length);
    }

    @Test
    void shouldRefuseANameThatNoClientCouldConnectTo() throws IOException {
        checkRefused(UnixListenException.Reason.PATH_TOO_LONG, folder.resolve("x".repeat(120)), "choose a shorter one");
        assertEquals(List.of(), names());
    }

    @Test
    void shouldLeaveTheFileOfAnotherProgramAlone() throws IOException {
        Path path = folder.resolve("s");
        UnixListener listener = UnixListener.open(router, path);
        Files.delete(path);
        leaveDeadSocket(path);
        listener.close();
        assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        Files.delete(path);
        listener.close();
    }

    @Test
    void shouldCutClientsOffAtOnceWhenItIsClosed() throws IOException {
        UnixListener listener = UnixListener.open(router, folder.resolve("s"));
        try (RawClient client = RawClient.joined(listener.path(), HELLO);
                RawClient silent = new RawClient(listener.path())) {
            client.welcome();
            listener.close();
            client.checkClosed();
            silent.checkClosed();
            assertEquals(0, router.router().routedIds().length);
        }
    }

    @Test
    void shouldNotWaitForClientsWhenTheRouterIsClosed() throws IOException {
        UnixListener listener = UnixListener.open(router, folder.resolve("s"));
        try (RawClient client = RawClient.joined(listener.path(), HELLO)) {
            client.welcome();
            router.close();
            client.checkClosed();
            assertEquals(List.of(), names());
        }
    }

    @Test
    void shouldNotWaitForClientsWhenTheBrokerIsClosed() throws IOException {
        UnixListener listener = UnixListener.open(router, folder.resolve("s"));
        try (RawClient client = RawClient.joined(listener.path(), HELLO)) {
            client.welcome();
            broker.close();
            client.checkClosed();
            assertEquals(List.of(), names());
        }
    }

    @Test
    void shouldRefuseToListenForARouterThatWasClosed() throws IOException {
        router.close();
        assertThrows(BrokerClosedException.class, () -> UnixListener.open(router, folder.resolve("s")));
        assertEquals(List.of(), names());
    }
}
