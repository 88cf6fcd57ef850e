// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.concurrent.LatchClosedException;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RecordingSink log = new RecordingSink();
    private final LinkedRouters tree = new LinkedRouters(log);
    private final Receiver a = Receiver.open(tree.master().contexts());
    private final Receiver b = Receiver.open(tree.master().contexts());
    private final Receiver c = Receiver.open(tree.master().contexts());

    @AfterEach
    void end() {
        tree.close();
        log.check();
    }

    /** Sends, and returns when the value has arrived. */
    private void put(Receiver receiver, Object value) {
        tree.master().router().broker().runInTurn(() -> receiver.toSender().send(value));
    }

    private static CompletableFuture<Object> inThread(Callable<Object> wait) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        outcome.complete(wait.call());
                    } catch (Throwable e) {
                        outcome.complete(e);
                    }
                },
                "waits for a select");
        thread.start();
        Eventually.until(
                SOON,
                () -> thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TIMED_WAITING
                        || outcome.isDone());
        return outcome;
    }

    @Test
    void shouldGiveValuesInTheOrderTheyCame() throws Exception {
        put(a, "before");
        try (Select select = Select.lasting(a, b, c)) {
            put(c, 1);
            put(a, 2);
            put(b, 3);
            put(a, 4);
            assertEquals("before", select.get());
            assertEquals(1, select.get());
            assertEquals(2, select.get());
            assertEquals(3, select.get(SOON));
            Select.Event last = select.getEvent(SOON);
            assertSame(a, last.source());
            assertEquals(4, last.value());
        }
    }

    @Test
    void shouldLetAMemberGoWithItsFirstValueWhenOneShot() throws Exception {
        put(b, 1);
        put(b, 2);
        put(a, 3);
        Select select = Select.oneShot(a, b);
        List<Object> values = new ArrayList<>();
        for (Select.Event event : select) {
            values.add(event.value());
        }
        assertEquals(List.of(3, 1), values);
        assertFalse(select.hasMembers());
        assertEquals(2, b.get(SOON));
        assertThrows(NoSuchElementException.class, () -> select.iterator().next());
    }

    @Test
    void shouldCollectOneValueOfEach() throws Exception {
        put(c, 1);
        put(a, 2);
        CompletableFuture<Object> all = inThread(() -> Select.all(c, a, b));
        put(b, 3);
        assertEquals(List.of(1, 2, 3), all.get());
        Select.lasting(a, b, c).close();
    }

    @Test
    void shouldSayThatItIsEmpty() {
        Select select = Select.oneShot();
        assertFalse(select.hasMembers());
        assertEquals(
                "Cannot get(), Select instance is empty",
                assertThrows(IllegalStateException.class, select::get).getMessage());
    }

    @Test
    void shouldTimeOutWhenNothingComes() throws Exception {
        Select select = Select.lasting(a);
        assertEquals(
                "nothing came to the Select within 0 ms, which is waiting for a message",
                assertThrows(WaitTimeoutException.class, () -> select.get(Duration.ZERO))
                        .getMessage());
        assertThrows(WaitTimeoutException.class, () -> select.get(Duration.ofMillis(1)));
        put(a, 1);
        assertEquals(1, select.get(Duration.ZERO));
    }

    @Test
    void shouldRefuseAMemberOfAnotherSelect() throws Exception {
        Select first = Select.lasting(a);
        assertEquals(
                "Cannot add: Receiver is already owned by another Select",
                assertThrows(IllegalStateException.class, () -> Select.lasting(b, a))
                        .getMessage());
        Select second = Select.lasting(b); // set free when the other could not be made
        assertThrows(IllegalStateException.class, () -> first.add(a));
        put(a, "still a member");
        assertEquals("still a member", first.get(SOON));
        Select outer = Select.lasting(first);
        assertEquals(
                "Cannot add: Select is already owned by another Select",
                assertThrows(IllegalStateException.class, () -> Select.lasting(first))
                        .getMessage());
        assertTrue(outer.remove(first));
        assertFalse(outer.remove(first));
        outer.add(second);
    }

    @Test
    void shouldRefuseACycle() {
        Select inner = Select.lasting(a);
        Select middle = Select.lasting(inner);
        Select outer = Select.lasting(middle);
        for (Select asMember : List.of(inner, outer)) {
            assertEquals(
                    "Adding this Select instance would create a Select cycle",
                    assertThrows(IllegalArgumentException.class, () -> inner.add(asMember == inner ? inner : outer))
                            .getMessage());
        }
    }

    @Test
    void shouldWaitForSelectsOfSelects() throws Exception {
        put(a, 1);
        Select inner = Select.lasting(a, b);
        Select outer = Select.lasting(inner, c);
        put(c, 2);
        put(b, 3);
        assertEquals(1, outer.get());
        assertEquals(2, outer.get());
        Select.Event third = outer.getEvent();
        assertSame(b, third.source());
        assertEquals(3, third.value());
        CompletableFuture<Object> waiting = inThread(outer::get);
        put(a, 4);
        assertEquals(4, waiting.get());
    }

    @Test
    void shouldSkipItemsThatSomebodyElseTook() throws Exception {
        Select inner = Select.lasting(a);
        Select outer = Select.lasting(inner, b);
        put(a, 1);
        assertEquals(1, a.get(SOON));
        put(a, 2);
        assertEquals(2, inner.get(SOON));
        put(b, 3);
        assertEquals(3, outer.get());
        assertThrows(WaitTimeoutException.class, () -> outer.get(Duration.ZERO));
    }

    @Test
    void shouldNotForgetItemsOfAMemberThatComesBack() throws Exception {
        Select select = Select.lasting(a, b);
        put(a, 1);
        select.remove(a);
        put(a, 2);
        assertThrows(WaitTimeoutException.class, () -> select.get(Duration.ZERO));
        put(a, 3);
        select.add(a);
        assertEquals(1, select.get());
        assertEquals(2, select.get());
        assertEquals(3, select.get());
        assertThrows(WaitTimeoutException.class, () -> select.get(Duration.ZERO));
    }

    @Test
    void shouldKeepAMemberWhoseItemIsADeadMessage() throws Exception {
        Select select = Select.oneShot(a);
        tree.master().router().broker().runInTurn(() -> a.toSender().close());
        put(a, 1);
        assertEquals(
                "waiting for a message: Sender was explicitly closed",
                assertThrows(ChannelException.class, select::get).getMessage());
        assertTrue(select.hasMembers());
        assertEquals(1, select.get());
        assertFalse(select.hasMembers());
    }

    @Test
    void shouldLetAMemberGoWhenItsValueIsAFailure() {
        put(a, CallError.of(new IllegalStateException("no"), Dispatcher.class));
        Select select = Select.oneShot(a);
        assertThrows(CallException.class, select::get);
        assertFalse(select.hasMembers());
    }

    @Test
    void shouldTellOfAMemberThatIsClosedAndLetItGo() throws Exception {
        Select select = Select.lasting(a, b);
        CompletableFuture<Object> waiting = inThread(select::get);
        a.close();
        ChannelException closed = (ChannelException) waiting.get();
        assertTrue(closed.getMessage().endsWith("the Receiver has been closed"), closed.getMessage());
        put(b, 1);
        assertEquals(1, select.get());
        select.remove(b);
        assertFalse(select.hasMembers());
        assertThrows(LatchClosedException.class, () -> select.add(a));
        assertFalse(select.hasMembers());
    }

    @Test
    void shouldWakeWhoWaitsWhenClosed() throws Exception {
        Select select = Select.lasting(a, b);
        CompletableFuture<Object> waiting = inThread(select::get);
        select.close();
        assertEquals(LatchClosedException.class, waiting.get().getClass());
        assertThrows(IllegalStateException.class, select::get);
        select.close();
        put(a, 1);
        Select again = Select.lasting(b, a);
        assertEquals(1, again.get());
    }

    @Test
    void shouldWakeWhoWaitsWhenTheLastMemberGoes() throws Exception {
        Select select = Select.oneShot(a);
        CompletableFuture<Object> one = inThread(select::get);
        CompletableFuture<Object> other = inThread(select::get);
        put(a, 1);
        assertEquals(1, one.get());
        assertEquals("Cannot get(), Select instance is empty", ((Throwable) other.get()).getMessage());
    }

    @Test
    void shouldRefuseToWaitInsideATurn() {
        Select outer = Select.lasting(Select.lasting(a));
        tree.master().router().broker().runInTurn(() -> {
            assertThrows(IllegalStateException.class, outer::get);
        });
    }

    @Test
    void shouldServeEachValueOnceWhenMembersComeAndGoMeanwhile() throws Exception {
        Select select = Select.lasting(a, b);
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        CompletableFuture<Object> taking = inThread(() -> {
            while (seen.size() < 2000) {
                assertTrue(seen.add(select.get()));
            }
            return "all";
        });
        Thread shuffling = new Thread(
                () -> {
                    while (!taking.isDone()) {
                        select.remove(b);
                        select.add(b);
                    }
                },
                "removes and adds");
        shuffling.start();
        for (int i = 0; i < 1000; i++) {
            put(b, i);
            put(a, i + 1000);
        }
        assertEquals("all", taking.get());
        shuffling.join();
    }
}
