// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.RecordingSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a close waits for beside the contexts: callbacks, and whatever else has a thread. */
@Timeout(60)
final class CloseTest {
    private static final long LIMIT_S = 25;
    private static final String STILL_RUN = "these threads still run";

    private final RecordingSink log = new RecordingSink();
    private final Broker broker = Broker.start("close-test", 5_000, log);
    private final MasterRouter router = new MasterRouter(broker);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void end() {
        released.countDown();
        router.close();
        broker.close();
    }

    /** Runs in contexts; what they share with the test lies in a system property. */
    static final class Guest {
        private Guest() {}

        static int answer() {
            return 42;
        }

        /** Lets no interrupt end it. */
        static void hang(String shared) {
            CountDownLatch[] latches = (CountDownLatch[]) System.getProperties().get(shared);
            latches[0].countDown();
            while (latches[1].getCount() > 0) {
                try {
                    latches[1].await();
                } catch (InterruptedException expected) {
                    // as ordered
                }
            }
        }
    }

    private Context connect() {
        return router.connect(InProcess.create());
    }

    @Test
    void shouldHaveRunTheCallbacksThatItCausedWhenItReturns() {
        List<AtomicBoolean> told = List.of(new AtomicBoolean(), new AtomicBoolean(), new AtomicBoolean());
        for (AtomicBoolean each : told) {
            connect().onGone(reason -> each.set(true));
        }

        router.close();

        assertTrue(told.stream().allMatch(AtomicBoolean::get), told::toString);
    }

    @Test
    void shouldLeaveNoThreadOfARouterWhoseBrokerGoesOn() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        connect().callAsync(Guest::answer).join();

        router.close();

        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        left.removeIf(thread -> !thread.getName().startsWith("mitogen.callback")
                && !thread.getName().startsWith("mitogen.launch")
                && !thread.getName().startsWith("mitogen.inprocess"));
        assertEquals(Set.of(), left);
    }

    @Test
    void shouldReturnAndNameACallbackThatDoesNot() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Context context = connect();
        context.onGone(reason -> hang(begun));
        context.shutdown();
        assertTrue(begun.await(LIMIT_S, TimeUnit.SECONDS));

        router.close();
        broker.close();

        List<String> named = log.records().stream()
                .filter(record -> record.contains(STILL_RUN))
                .toList();
        assertEquals(1, named.size(), named::toString);
        assertTrue(named.get(0).contains("mitogen.callback in ["), named::toString);
        assertTrue(named.get(0).contains("CloseTest.hang"), named::toString);
    }

    private void hang(CountDownLatch begun) {
        begun.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldReturnAndNameAFunctionInThisProcessThatDoesNot() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        String shared = CloseTest.class.getName();
        System.getProperties().put(shared, new CountDownLatch[] {begun, released});
        try {
            router.connect(InProcess.create().name("stuck")).callAsync(Guest::hang, shared);
            assertTrue(begun.await(LIMIT_S, TimeUnit.SECONDS));

            router.close();

            assertTrue(log.has("mitogen.inprocess.stuck in ["), log.records()::toString);
        } finally {
            System.getProperties().remove(shared);
        }
    }

    @Test
    void shouldCloseFromCallbacksWithoutWaitingForThem() throws Exception {
        List<CompletableFuture<Void>> closed = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        CountDownLatch both = new CountDownLatch(closed.size());
        for (CompletableFuture<Void> each : closed) {
            Context context = connect();
            context.onGone(reason -> {
                both.countDown();
                awaitBoth(both);
                router.close();
                broker.close();
                each.complete(null);
            });
            context.shutdown();
        }

        for (CompletableFuture<Void> each : closed) {
            each.get(LIMIT_S, TimeUnit.SECONDS);
        }
        assertFalse(log.has(STILL_RUN), log.records()::toString);
    }

    private static void awaitBoth(CountDownLatch both) {
        try {
            both.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldCloseInsideATurnWithoutWaiting() throws Exception {
        connect();

        broker.defer(() -> {
            router.close();
            broker.close();
        });

        broker.thread().join(TimeUnit.SECONDS.toMillis(LIMIT_S));
        assertFalse(broker.thread().isAlive());
        assertFalse(log.has(STILL_RUN), log.records()::toString);
    }

    @Test
    void shouldNotWaitForCallbacksOfAnotherRouter() throws Exception {
        MasterRouter other = new MasterRouter(broker);
        CountDownLatch begun = new CountDownLatch(1);
        Context context = other.connect(InProcess.create());
        context.onGone(reason -> hang(begun));
        context.shutdown();
        assertTrue(begun.await(LIMIT_S, TimeUnit.SECONDS));

        router.close();

        assertFalse(log.has(STILL_RUN), log.records()::toString);
        released.countDown();
        other.close();
    }

    @Test
    void shouldStillRunCallbacksAfterItsEnd() throws Exception {
        Context context = connect();
        router.close();
        broker.close();
        CompletableFuture<String> told = new CompletableFuture<>();

        context.onGone(told::complete);

        assertFalse(told.get(LIMIT_S, TimeUnit.SECONDS).isEmpty());
    }
}
