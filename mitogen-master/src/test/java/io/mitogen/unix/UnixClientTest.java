// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.core.call.CallChain;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Sender;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a client can do in the tree, and how it ends. */
final class UnixClientTest {
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final String SHARED = UnixClientTest.class.getName();

    @RegisterExtension
    final LoggedWarnings warnings = new LoggedWarnings();

    @TempDir
    private Path folder;

    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private Context worker;
    private UnixListener listener;

    /** Runs in the context. */
    static final class Work {
        private Work() {}

        static void fail() {
            throw new IllegalStateException("as ordered");
        }

        static String join(List<String> words) {
            return String.join(" ", words);
        }

        static void hang() throws InterruptedException {
            ((CountDownLatch) System.getProperties().get(SHARED)).countDown();
            new CountDownLatch(1).await();
        }

        static void sendTo(Sender sender) {
            sender.send("one");
            sender.send("two");
            sender.close();
        }

        static Context self(ChildContext child) {
            return child.self();
        }

        static void end(ChildContext child) {
            child.self().shutdown();
        }
    }

    @BeforeEach
    void open() {
        worker = router.connect(InProcess.create().name("worker"));
        listener = UnixListener.open(router, folder.resolve("s"));
    }

    @AfterEach
    void close() {
        System.getProperties().remove(SHARED);
        router.close();
        broker.close();
    }

    /** Begins a call that never ends; returns when it is under way. */
    private static CompletableFuture<Void> hangIn(Context context) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        System.getProperties().put(SHARED, begun);
        CompletableFuture<Void> call = context.callAsync(Work::hang);
        assertTrue(begun.await(LONG.toSeconds(), TimeUnit.SECONDS));
        return call;
    }

    private static void checkGone(CompletableFuture<?> call, String reason) throws Exception {
        Throwable cause = assertThrows(ExecutionException.class, () -> call.get(LONG.toSeconds(), TimeUnit.SECONDS))
                .getCause();
        assertInstanceOf(ContextGoneException.class, cause);
        assertTrue(cause.getMessage().contains(reason), cause.getMessage());
    }

    @Test
    void shouldCallAContextOfTheTree() {
        try (UnixClient client = UnixClient.connect(listener.path())) {
            Context same = client.context(worker.id(), "worker");
            assertEquals(0, client.listener().id());
            assertEquals(ProcessHandle.current().pid(), client.listenerPid());
            assertEquals("a b", same.call(Work::join, List.of("a", "b")));
            assertEquals("a b", same.call(Work.class.getName(), "join", List.of("a", "b")));
            assertEquals(
                    "as ordered",
                    assertThrows(CallException.class, () -> same.call(Work::fail))
                            .remoteMessage());
            assertEquals(worker.id(), same.call(Work::self).id());
            assertEquals(client.id(), router.context(client.id()).id());
        }
    }

    @Test
    void shouldStopAChainAtItsFirstFailure() {
        try (UnixClient client = UnixClient.connect(listener.path());
                CallChain chain = client.context(worker.id()).chain()) {
            chain.callNoReply(Work::fail);
            assertEquals(
                    "as ordered",
                    assertThrows(CallException.class, () -> chain.call(Work::join, List.of("a")))
                            .remoteMessage());
        }
    }

    @Test
    void shouldReceiveWhatAContextSends() {
        try (UnixClient client = UnixClient.connect(listener.path());
                Receiver receiver = client.receiver()) {
            client.context(worker.id()).callNoReply(Work::sendTo, receiver.toSender());
            StringBuilder values = new StringBuilder();
            receiver.forEach(values::append);
            assertEquals("onetwo", values.toString());
        }
    }

    @Test
    void shouldExchangeMessagesWithAnotherClientAndTheListener() throws Exception {
        try (UnixClient one = UnixClient.connect(listener.path());
                UnixClient other = UnixClient.connect(broker, listener.path());
                Receiver ofOther = other.receiver();
                Receiver ofMaster = router.receiver()) {
            one.context(other.id()).send(ofOther.handle(), "to a client");
            assertEquals("to a client", ofOther.get(LONG));
            one.listener().send(ofMaster.handle(), "to the master");
            assertEquals("to the master", ofMaster.get(LONG));
        }
    }

    @Test
    void shouldSayThatTheListenerTakesNoCalls() {
        try (UnixClient client = UnixClient.connect(listener.path())) {
            ChannelException e =
                    assertThrows(ChannelException.class, () -> client.listener().call(Work::fail));
            assertTrue(e.getMessage().endsWith("invalid handle"), e.getMessage());
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchContext() {
        try (UnixClient client = UnixClient.connect(listener.path())) {
            ContextGoneException e = assertThrows(
                    ContextGoneException.class, () -> client.context(77).call(Work::fail));
            assertTrue(e.getMessage().endsWith("no route to 77, my ID is 0"), e.getMessage());
        }
    }

    @Test
    void shouldTellWhenAContextGoes() throws Exception {
        try (UnixClient client = UnixClient.connect(listener.path())) {
            Context same = client.context(worker.id());
            same.callNoReply(Work::end);
            same.gone().get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThrows(ContextGoneException.class, () -> same.call(Work::fail));
        }
    }

    @Test
    void shouldFailWhatWaitsAndWhatComesLaterWhenTheListenerGoes() throws Exception {
        try (UnixClient client = UnixClient.connect(listener.path());
                Receiver receiver = client.receiver()) {
            Context same = client.context(worker.id());
            Context known = same.call(Work::self);
            CompletableFuture<String> gone = new CompletableFuture<>();
            client.onGone(gone::complete);
            CompletableFuture<Void> call = hangIn(same);
            listener.close();
            checkGone(call, "the link to the listener at " + listener.path() + " is gone");
            assertThrows(ContextGoneException.class, () -> receiver.get(LONG));
            assertTrue(gone.get(LONG.toSeconds(), TimeUnit.SECONDS).contains("closed the link"));
            assertTrue(known.gone().get(LONG.toSeconds(), TimeUnit.SECONDS).contains("closed the link"));
            assertThrows(ContextGoneException.class, () -> same.call(Work::fail));
            checkGone(client.context(5).callAsync(Work::fail), "the link to the listener");
            CompletableFuture<String> late = client.context(6).gone();
            assertTrue(late.get(LONG.toSeconds(), TimeUnit.SECONDS).contains("is gone"));
            checkGone(client.listener().callAsync(Work::fail), "is gone");
        }
    }

    @Test
    void shouldFailWhatWaitsWhenItIsClosedItself() throws Exception {
        UnixClient client = UnixClient.connect(listener.path());
        CompletableFuture<Void> call = hangIn(client.context(worker.id()));
        client.close();
        checkGone(call, "this client was closed");
        checkGone(client.context(worker.id()).callAsync(Work::fail), "this client was closed");
        client.close();
    }

    @Test
    void shouldSendAllThatWasSentBeforeItIsClosed() throws Exception {
        int count = 40;
        byte[] large = new byte[1 << 20];
        try (Receiver ofMaster = router.receiver()) {
            UnixClient client = UnixClient.connect(listener.path());
            for (int i = 0; i < count; i++) {
                client.listener().send(ofMaster.handle(), large);
            }
            client.close();
            for (int i = 0; i < count; i++) {
                assertEquals(large.length, ((byte[]) ofMaster.get(LONG)).length);
            }
        }
    }

    @Test
    void shouldLeaveWhenTheBrokerThatItSharesIsClosed() throws Exception {
        Broker shared = Mitogen.startBroker();
        UnixClient client = UnixClient.connect(shared, listener.path());
        CompletableFuture<String> gone = new CompletableFuture<>();
        client.onGone(gone::complete);
        CompletableFuture<Void> call = hangIn(client.context(worker.id()));
        shared.close();
        assertFalse(shared.thread().isAlive());
        checkGone(call, "the broker was shut down");
        assertEquals("the broker was shut down", gone.get(LONG.toSeconds(), TimeUnit.SECONDS));
        client.close();
    }
}
