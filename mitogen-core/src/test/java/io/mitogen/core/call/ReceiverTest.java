// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receivers and senders over real links, without processes: the rules of docs/protocol.md. */
class ReceiverTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RecordingSink log = new RecordingSink();
    private final LinkedRouters tree = new LinkedRouters(log);
    private final LinkedRouters.Node master = tree.master();
    private final LinkedRouters.Node child = tree.child(1);
    private final Receiver receiver = Receiver.open(master.contexts());
    private final Sender sender = remote(receiver.toSender());

    @AfterEach
    void end() {
        tree.close();
        log.check();
    }

    /** Returns the sender as the child has it after it was sent there. */
    private Sender remote(Sender sender) {
        byte[] pickle = PickleWriter.toBytes(sender);
        return (Sender) PickleReader.fromBytes(pickle, child.contexts().globals());
    }

    private static void awaitPark(Thread thread) {
        Eventually.until(
                SOON,
                () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void shouldGiveValuesInTheOrderSent() throws Exception {
        for (int i = 0; i < 1000; i++) {
            sender.send(i);
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, receiver.get(SOON));
        }
    }

    @Test
    void shouldTakeValuesOfItsOwnContextToo() throws Exception {
        receiver.toSender().send(null);
        assertNull(receiver.get(SOON));
    }

    @Test
    void shouldTimeOutWhenNothingComes() throws Exception {
        assertEquals(
                "waiting for a message: nothing came within 0 ms",
                assertThrows(WaitTimeoutException.class, () -> receiver.get(Duration.ZERO))
                        .getMessage());
        assertEquals(
                "waiting for a message: nothing came within 1 ms",
                assertThrows(WaitTimeoutException.class, () -> receiver.get(Duration.ofMillis(1)))
                        .getMessage());
        sender.send("late");
        assertEquals("late", receiver.get(SOON));
    }

    @Test
    void shouldThrowADeadMessageOnceAmongTheOthers() throws Exception {
        sender.send(1);
        sender.close();
        sender.send(2);
        assertEquals(1, receiver.get(SOON));
        ChannelException dead = assertThrows(ChannelException.class, () -> receiver.get(SOON));
        assertEquals("waiting for a message: Sender was explicitly closed", dead.getMessage());
        assertEquals(2, receiver.get(SOON));
    }

    @Test
    void shouldSayWhoClosedAChannelWithoutAReason() throws Exception {
        child.router().send(Message.dead(0, receiver.handle(), ""));
        assertEquals(
                "waiting for a message: Channel closed by remote end.",
                assertThrows(ChannelException.class, () -> receiver.get(SOON)).getMessage());
        master.router().send(Message.dead(0, receiver.handle(), ""));
        assertEquals(
                "waiting for a message: Channel closed by local end.",
                assertThrows(ChannelException.class, () -> receiver.get(SOON)).getMessage());
    }

    @Test
    void shouldEndALoopWhenTheSenderIsClosed() {
        sender.send("a");
        sender.send(null);
        sender.close();
        List<Object> values = new ArrayList<>();
        for (Object value : receiver) {
            values.add(value);
        }
        assertEquals("[a, null]", values.toString());
        Iterator<Object> ended = receiver.iterator();
        receiver.close();
        assertFalse(ended.hasNext());
        assertThrows(NoSuchElementException.class, ended::next);
    }

    @Test
    void shouldNotTakeAPartForTheWholeWhenTheSendersContextIsLost() throws Exception {
        Receiver ofChild = master.context(child).receiver();
        remote(ofChild.toSender()).send("a");
        Iterator<Object> values = ofChild.iterator();
        assertEquals("a", values.next());
        child.cutParent();
        ContextGoneException gone = assertThrows(ContextGoneException.class, values::hasNext);
        assertTrue(gone.getMessage().startsWith("waiting for a message of child1: the respondent Context has"));
    }

    @Test
    void shouldLearnThatItsRespondentIsGoneAlready() throws Exception {
        Context lost = master.context(child);
        CompletableFuture<String> gone = lost.gone();
        child.cutParent();
        gone.join();
        master.router().broker().runInTurn(() -> {}); // what went with it has gone, too
        Receiver late = lost.receiver();
        ContextGoneException dead = assertThrows(ContextGoneException.class, () -> late.get(SOON));
        String end = "waiting for a message of child1: the respondent Context has disconnected: cut by the test at 2";
        assertTrue(dead.getMessage().startsWith(end), dead.getMessage());
        assertEquals( // no other message can ever come
                dead.getMessage(),
                assertThrows(ContextGoneException.class, () -> late.get(SOON)).getMessage());
    }

    /** Where each listener costs a copy of all, this takes minutes. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldTellAllListenersWhenTheyAreMany() throws Exception {
        Context lost = master.context(child);
        AtomicInteger told = new AtomicInteger();
        int many = 300_000;
        for (int i = 0; i < many; i++) {
            lost.onGone(reason -> told.incrementAndGet());
        }
        child.cutParent();
        lost.gone().get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertEquals(many, told.get());
    }

    @Test
    void shouldLearnInAChildThatItsRespondentIsGoneAlready() throws Exception {
        Context stranger = child.contexts().get(7, "stranger");
        Receiver ofStranger = stranger.receiver();
        String dead = assertThrows(ContextGoneException.class, () -> ofStranger.get(SOON))
                .getMessage();
        assertEquals(
                "waiting for a message of stranger: the respondent Context has disconnected: there is no route to it",
                dead);
        assertEquals(
                "there is no route to it",
                child.contexts().get(8, null).gone().get(SOON.toSeconds(), TimeUnit.SECONDS));
        Receiver ofSibling = child.context(tree.child(2)).receiver();
        assertThrows(WaitTimeoutException.class, () -> ofSibling.get(Duration.ofMillis(1)));
    }

    @Test
    void shouldTakeMessagesOfItsRespondentOnly() throws Exception {
        LinkedRouters.Node other = tree.child(2);
        Receiver ofChild = master.context(child).receiver();
        byte[] pickle = PickleWriter.toBytes(ofChild.toSender());
        Receiver refusal = Receiver.open(other.contexts());
        other.router().send(Message.to(0, ofChild.handle(), refusal.handle(), PickleWriter.toBytes("forged")));
        assertEquals(
                "waiting for a message: reply from unexpected context",
                assertThrows(ChannelException.class, () -> refusal.get(SOON)).getMessage());
        ((Sender) PickleReader.fromBytes(pickle, child.contexts().globals())).send("true");
        assertEquals("true", ofChild.get(SOON));
    }

    @Test
    void shouldWakeWhoWaitsWhenClosed() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(
                () -> thrown.complete(assertThrows(ChannelException.class, receiver::get)), "waits for a receiver");
        waiting.start();
        awaitPark(waiting);
        receiver.close();
        receiver.close();
        assertEquals(
                "waiting for a message: the Receiver has been closed",
                thrown.get().getMessage());
        assertThrows(ChannelException.class, receiver::get);
        waiting.join();
    }

    @Test
    void shouldAnswerInvalidHandleAfterItsEnd() {
        receiver.close();
        Receiver answer = Receiver.open(child.contexts());
        child.router().send(Message.to(0, receiver.handle(), answer.handle(), PickleWriter.toBytes(1)));
        assertEquals(
                "waiting for a message: invalid handle",
                assertThrows(ChannelException.class, () -> answer.get(SOON)).getMessage());
    }

    @Test
    void shouldLearnOfTheEndOfTheRouter() throws Exception {
        master.router().close();
        assertEquals(
                "waiting for a message: the router was closed",
                assertThrows(ChannelException.class, () -> receiver.get(SOON)).getMessage());
        Receiver late = Receiver.open(master.contexts());
        assertThrows(ChannelException.class, () -> late.get(SOON));
    }

    @Test
    void shouldRefuseToWaitInsideATurn() {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        master.router().broker().defer(() -> {
            thrown.complete(assertThrows(IllegalStateException.class, receiver::get));
        });
        String refusal = thrown.join().getMessage();
        assertTrue(refusal.startsWith("waiting for a message inside a turn of the broker"), refusal);
    }

    @Test
    void shouldThrowAFailedCallThatWasSentAsAValue() throws Exception {
        sender.send(CallError.of(new IllegalArgumentException("no"), Dispatcher.class));
        CallException failed = assertThrows(CallException.class, () -> receiver.get(SOON));
        assertEquals("java.lang.IllegalArgumentException", failed.remoteType());
        sender.send(List.of(CallError.of(new IllegalArgumentException("no"), Dispatcher.class)));
        assertEquals(1, ((List<?>) receiver.get(SOON)).size());
    }

    @Test
    void shouldSurviveAValueThatIsNoPickle() throws Exception {
        child.router().send(Message.to(0, receiver.handle(), 0, new byte[] {1, 2, 3}));
        sender.send("good");
        assertThrows(PickleException.class, () -> receiver.get(SOON));
        assertEquals("good", receiver.get(SOON));
    }

    @Test
    void shouldNotTakeAnInterruptForAValue() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(
                () -> {
                    assertThrows(CallInterruptedException.class, () -> receiver.iterator()
                            .hasNext());
                    interrupted.complete(Thread.currentThread().isInterrupted());
                },
                "waits for a receiver");
        waiting.start();
        awaitPark(waiting);
        waiting.interrupt();
        assertTrue(interrupted.get());
        sender.send(1);
        assertEquals(1, receiver.get(SOON));
        waiting.join();
    }

    @Test
    void shouldServeEachValueToOneOfManyThreads() throws Exception {
        Map<Object, Thread> seen = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (Object value : receiver) {
                            assertNull(seen.put(value, Thread.currentThread()));
                        }
                    },
                    "takes values");
            threads.add(thread);
            thread.start();
        }
        for (int i = 0; i < 2000; i++) {
            sender.send(i);
        }
        Eventually.until(SOON, () -> seen.size() == 2000);
        receiver.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void shouldNameWhatASenderMayNotSend() {
        PickleException refused = assertThrows(PickleException.class, () -> sender.send(Map.of("when", Instant.EPOCH)));
        assertEquals("value.get(\"when\"): java.time.Instant may not be sent", refused.getMessage());
    }

    @Test
    void shouldTellTheReceiverWhenAValueIsTooLarge() {
        log.expect("message too large");
        sender.send(new byte[2 << 20]);
        assertEquals(
                "waiting for a message: message too large (max 1048576 bytes); send less at a time, or raise the limit where"
                        + " the tree has its root: RouterOptions.withMaxMessageBytes, in Python Router.max_message_size",
                assertThrows(ChannelException.class, () -> receiver.get(SOON)).getMessage());
        sender.send(new byte[2 << 20]);
        Iterator<Object> values = receiver.iterator();
        assertThrows(ChannelException.class, values::hasNext, "a loop must not end as if nothing were missing");
    }

    @Test
    void shouldTellAllWhoWaitAndWhoComeLaterWhenTheRouterEnds() throws Exception {
        log.expect("closed by force"); // the child does not hear that it is to end
        List<CompletableFuture<Object>> waits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Object> wait = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    wait.complete(receiver.get());
                } catch (Throwable e) {
                    wait.complete(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            awaitPark(thread);
            waits.add(wait);
        }
        Select select = Select.lasting(Receiver.open(master.contexts()));
        master.router().broker().close();

        for (CompletableFuture<Object> wait : waits) {
            assertEquals(
                    "waiting for a message: Broker has exitted",
                    ((Throwable) wait.get(SOON.toSeconds(), TimeUnit.SECONDS)).getMessage());
        }
        assertThrows(ContextGoneException.class, () -> receiver.get(SOON));
        assertThrows(ContextGoneException.class, () -> select.get(SOON));
        assertThrows(IllegalStateException.class, () -> select.get(SOON));
        Select late = Select.lasting(receiver);
        assertThrows(ContextGoneException.class, () -> late.get(SOON));
    }
}
