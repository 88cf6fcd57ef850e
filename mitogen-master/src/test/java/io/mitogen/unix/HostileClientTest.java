// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.core.call.Context;
import io.mitogen.core.route.PeerLog;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stay silent, babble, lie or do not read. Others must not notice. */
final class HostileClientTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final String HELLO = "00000c87";

    @RegisterExtension
    final LoggedWarnings warnings = new LoggedWarnings();

    @TempDir
    private Path folder;

    /** What a test does with a listener and one well-behaved client, who must be able to call a context all the time. */
    @FunctionalInterface
    private interface Attack {
        void run(MasterRouter router, UnixListener listener) throws Exception;
    }

    private void attack(Attack attack) throws Exception {
        Mitogen.run(router -> {
            Context context = router.connect(InProcess.create());
            UnixListener listener = UnixListener.open(router, folder.resolve("s"), LONG);
            try (UnixClient friend = UnixClient.connect(listener.path())) {
                attack.run(router, listener);
                assertEquals(4, friend.context(context.id()).call(String::length, "four"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldCloseAClientInTimeWhenItDoesNotSayWhoItIs(int bytes) throws Exception {
        attack((router, listener) -> {
            UnixListener hasty = UnixListener.open(router, folder.resolve("hasty"), SHORT);
            RawClient[] silent = new RawClient[1];
            router.router()
                    .broker()
                    .runInTurn(
                            () -> { // its time begins when it has said what it will
                                try {
                                    silent[0] = new RawClient(hasty.path());
                                    silent[0].send(new byte[bytes]);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            silent[0].checkClosed();
            silent[0].close();
            warnings.await("after " + bytes + " of 4 bytes: it did not say its process id within 100 ms");
        });
    }

    @Test
    void shouldServeOthersWhileManyClientsStaySilent() throws Exception {
        attack((router, listener) -> {
            Context context = router.connect(InProcess.create());
            List<RawClient> silent = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                silent.add(new RawClient(listener.path()));
            }
            assertEquals(4, context.call(String::length, "four"));
            try (UnixClient late = UnixClient.connect(listener.path())) {
                assertEquals(4, late.context(context.id()).call(String::length, "four"));
            }
            for (RawClient each : silent) {
                each.close();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldWarnWhenAClientLeavesInTheMiddleOfItsHello(int bytes) throws Exception {
        attack((router, listener) -> {
            try (RawClient leaving = new RawClient(listener.path())) {
                leaving.send(new byte[bytes]);
                leaving.endOutput();
                leaving.checkClosed();
            }
            warnings.await("after " + bytes + " of 4 bytes: the other end closed");
        });
    }

    @Test
    void shouldLogAFewOfTheClientsThatFailAndCountTheOthers() throws Exception {
        attack((router, listener) -> {
            UnixListener other = UnixListener.open(router, folder.resolve("other"), LONG);
            for (int i = 0; i < 5 * PeerLog.MAX_LINES; i++) {
                try (RawClient leaving = new RawClient(other.path())) {
                    leaving.send(new byte[2]);
                    leaving.endOutput();
                    leaving.checkClosed();
                }
            }
            router.router().broker().runInTurn(() -> {}); // behind the one that saw the last of them go
            other.close();
            warnings.await("40 more clients that did not say who they are of the listener at " + other.path());
            assertEquals(PeerLog.MAX_LINES, warnings.take("after 2 of 4 bytes"));
        });
    }

    @Test
    void shouldNotWarnWhenSomebodyOnlyLooksWhetherAnybodyListens() throws Exception {
        attack((router, listener) -> {
            try (RawClient probe = new RawClient(listener.path())) {
                probe.endOutput();
                probe.checkClosed();
            }
        });
    }

    @Test
    void shouldUnderstandAClientThatSpeaksByteByByte() throws Exception {
        attack((router, listener) -> {
            try (RawClient slow = new RawClient(listener.path())) {
                for (byte one : WireBytes.unhex(HELLO)) {
                    slow.send(new byte[] {one});
                }
                int id = slow.welcome().clientId();
                for (byte one : WireBytes.frame(77, id, id, 101, 5, "")) {
                    slow.send(new byte[] {one});
                }
                assertEquals("no route to 77, my ID is 0", slow.message().text());
            }
        });
    }

    @Test
    void shouldUnderstandAClientThatDoesNotWaitForItsId() throws Exception {
        attack((router, listener) -> {
            int id = router.allocateId() + 1;
            try (RawClient hasty = new RawClient(listener.path())) {
                hasty.send(WireBytes.join(WireBytes.unhex(HELLO), WireBytes.frame(77, id, id, 101, 5, "")));
                assertEquals(id, hasty.welcome().clientId());
                assertEquals("no route to 77, my ID is 0", hasty.message().text());
            }
        });
    }

    @Test
    void shouldCutOffAClientThatDoesNotSpeakInFrames() throws Exception {
        attack((router, listener) -> {
            try (RawClient browser = new RawClient(listener.path())) {
                browser.send("GET ".getBytes());
                browser.welcome();
                browser.send("/ HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
                browser.checkClosed();
            }
            warnings.await("is corrupt: not a Mitogen frame");
        });
    }

    @Test
    void shouldCutOffAClientThatAnnouncesTooMuch() throws Exception {
        attack((router, listener) -> {
            try (RawClient greedy = RawClient.joined(listener.path(), HELLO)) {
                greedy.welcome();
                greedy.send(WireBytes.headerClaiming(Integer.MAX_VALUE));
                greedy.checkClosed();
            }
            warnings.await("larger than the maximum message size");
        });
    }

    @Test
    void shouldDropWhatAClientSendsInTheNameOfOthers() throws Exception {
        attack((router, listener) -> {
            try (RawClient liar = RawClient.joined(listener.path(), HELLO)) {
                int id = liar.welcome().clientId();
                liar.send(WireBytes.frame(77, 0, 0, 101, 5, "as the master"));
                liar.send(WireBytes.frame(77, id, 0, 101, 5, "with its authority"));
                liar.send(WireBytes.frame(77, 1, id, 101, 5, "as somebody else"));
                liar.send(WireBytes.frame(77, 9_999, 9_999, 101, 5, "as nobody"));
                liar.send(WireBytes.frame(77, id, id, 101, 6, "honestly"));
                assertEquals(6, liar.message().handle(), "of the first answer");
            }
            warnings.await("claims to come from elsewhere");
        });
    }

    @Test
    void shouldRefuseARouteThroughAClientEvenToAnIdOfItsOwn() throws Exception {
        attack((router, listener) -> {
            try (RawClient parent = RawClient.joined(listener.path(), HELLO)) {
                int id = parent.welcome().clientId();
                parent.send(WireBytes.frame(0, id, id, Handles.ALLOCATE_ID, 5, ""));
                parent.message();
                int child = id + 1; // the first of its block
                parent.send(WireBytes.frame(0, id, id, Handles.ADD_ROUTE, 0, child + ":child"));
                Message refusal = parent.message();
                assertEquals(Handles.DEL_ROUTE + " " + child, refusal.handle() + " " + refusal.text());
                assertNull(router.router().route(child));
            }
            warnings.await("refused a route to context");
        });
    }

    @Test
    void shouldForgetAClientAndTellThoseWhoSentToIt() throws Exception {
        attack((router, listener) -> {
            try (RawClient staying = RawClient.joined(listener.path(), HELLO)) {
                int stayingId = staying.welcome().clientId();
                int leavingId;
                try (RawClient leaving = RawClient.joined(listener.path(), HELLO)) {
                    leavingId = leaving.welcome().clientId();
                    staying.send(WireBytes.frame(leavingId, stayingId, stayingId, 1_234, 0, "hello"));
                    assertEquals("hello", leaving.message().text());
                }
                Message news = staying.message();
                assertEquals(Handles.DEL_ROUTE + " " + leavingId, news.handle() + " " + news.text());
                assertNull(router.router().route(leavingId));
            }
        });
    }

    @Test
    void shouldGreetAllWhoCameWhileTheBrokerWasBusy() throws Exception {
        attack((router, listener) -> {
            List<RawClient> waiting = new ArrayList<>();
            router.router().broker().runInTurn(() -> {
                for (int i = 0; i < 50; i++) { // nobody is greeted before this turn ends
                    try {
                        waiting.add(RawClient.joined(listener.path(), HELLO));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            for (RawClient each : waiting) {
                assertTrue(each.welcome().isPlausible());
                each.close();
            }
            int others = 2; // the context and the friend
            Eventually.until(LONG, "all are forgotten", () -> router.router().routedIds().length == others);
        });
    }
}
