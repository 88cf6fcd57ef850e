// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.WaitTimeoutException;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.testing.ScriptedContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Whatever a context that is about to end, or has ended, does with a call: its caller hears of the end. */
final class EndingContextTest {
    private static final long SOON_S = 20;

    private static volatile CountDownLatch begun;
    private static volatile CountDownLatch gate;

    private final RecordingSink log = new RecordingSink();

    static void failLater() throws InterruptedException {
        begun.countDown();
        gate.await();
        throw new IllegalStateException("a class is missing");
    }

    static int two() {
        return 2;
    }

    private static ContextGoneException endOf(CompletableFuture<?> call) {
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> call.orTimeout(SOON_S, TimeUnit.SECONDS)
                        .join());
        return assertInstanceOf(ContextGoneException.class, thrown.getCause());
    }

    @Test
    void shouldTakeAChildThatHasNoHandlerForCallsForOneThatEnds() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            CompletableFuture<Object> pending = child.context().callAsync("any.Thing", "run");
            child.refuse(child.hear(), "invalid handle");
            assertTrue(endOf(pending).getMessage().contains("it takes no calls any more"));

            CompletableFuture<Object> waiting =
                    CompletableFuture.supplyAsync(() -> child.context().call("any.Thing", "run"));
            child.refuse(child.hear(), "invalid handle");
            endOf(waiting);
        }
    }

    @Test
    void shouldTellARefusalFromAnEnd() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            CompletableFuture<Object> pending = child.context().callAsync("any.Thing", "run");
            child.refuse(child.hear(), "refused by policy");
            CompletionException thrown =
                    assertThrows(CompletionException.class, () -> pending.orTimeout(SOON_S, TimeUnit.SECONDS)
                            .join());
            assertEquals(ChannelException.class, thrown.getCause().getClass());
        }
    }

    @Test
    void shouldSendNothingToAContextThatHasGoneAndSayHowItWent() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            Context context = child.context();
            child.hangUp();
            String reason = context.gone().get(SOON_S, TimeUnit.SECONDS);
            Context anew = child.context();
            Sender sender = Sender.of(anew.contexts(), Tuple.of(1, 1234));

            String called = "call of " + EndingContextTest.class.getName() + ".two()I in child (context 1)";
            assertEnd(called, reason, endOf(context.callAsync(EndingContextTest::two)));
            for (Context each : List.of(context, anew)) {
                assertEnd(called, reason, refusal(() -> each.call(EndingContextTest::two)));
                assertEnd(called, reason, refusal(() -> each.callNoReply(EndingContextTest::two)));
                assertEnd(called, reason, refusal(() -> each.chain().call(EndingContextTest::two)));
                assertEnd(called, reason, refusal(() -> each.chain().callNoReply(EndingContextTest::two)));
                String sent = "sending a value to #1234 of child (context 1)";
                assertEnd(sent, reason, refusal(() -> each.send(1234, 1)));
                assertEnd("waiting for a message of child", reason, refusal(each.receiver()::get));
            }
            assertEnd("sending a value to #1234 of child (context 1)", reason, refusal(() -> sender.send(1)));
            sender.close();
            context.chain().close();
            context.shutdown();
        }
    }

    private static ContextGoneException refusal(Executable verb) {
        return assertThrows(ContextGoneException.class, verb);
    }

    private static void assertEnd(String what, String reason, ContextGoneException e) {
        String how = what + ": the respondent Context has disconnected: " + reason + " at ";
        assertTrue(e.getMessage().startsWith(how), e.getMessage());
        Duration since = Duration.between(Instant.parse(e.getMessage().substring(how.length())), Instant.now());
        assertTrue(since.abs().toMinutes() < 10, e.getMessage());
    }

    @Test
    void shouldSayInAReceiverAndASelectThatWaitedHowAndWhenTheContextEnded() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            Context context = child.context();
            Receiver waiting = context.receiver();
            Receiver selected = context.receiver();
            Select select = Select.lasting(selected, Receiver.open(context.contexts()));
            Select inner = Select.lasting(context.receiver());
            Select outer = Select.lasting(inner);
            child.hangUp();
            String reason = context.gone().get(SOON_S, TimeUnit.SECONDS);

            String what = "waiting for a message of child";
            assertEnd(what, reason, refusal(waiting::get));
            assertEnd(what, reason, refusal(waiting::get));
            assertEnd(what, reason, refusal(select::get));
            assertEnd(what, reason, refusal(outer::get));
            assertThrows(WaitTimeoutException.class, () -> select.get(Duration.ZERO));
            assertFalse(inner.hasMembers());
            assertEnd(what, reason, refusal(Select.oneShot(selected)::get));
        }
    }

    @Test
    void shouldRememberTheEndOfTheLastThousandContextsAndNoMore() {
        try (LinkedRouters tree = new LinkedRouters(log)) {
            Contexts contexts = tree.master().contexts();
            Router router = tree.master().router();
            int many = 3_000;
            for (int id = 1; id <= many; id++) {
                contexts.get(id, "c" + id);
            }
            router.broker().runInTurn(() -> {
                for (int id = 1; id <= many; id++) {
                    router.deleteRoute(id, "it fell");
                    router.deleteRoute(id, "twice");
                }
            });
            assertEquals(null, contexts.endOf(many - 1_000));
            for (int id = many - 999; id <= many; id++) {
                Context anew = contexts.get(id, null);
                assertEquals("c" + id, anew.name());
                assertTrue(anew.knownEnd().startsWith("it fell at "), anew.knownEnd());
            }
        }
    }

    @Test
    void shouldSayInAChildHowAContextEndedOfWhichItsMasterKnows() throws Exception {
        try (LinkedRouters tree = new LinkedRouters(log)) {
            LinkedRouters.Node lost = tree.child(1);
            Context seen = tree.master().context(lost);
            LinkedRouters.Node child = tree.child(2);
            lost.cutParent();
            seen.gone().get(SOON_S, TimeUnit.SECONDS);

            Context other = child.contexts().get(1, "lost");

            String call = endOf(other.callAsync(EndingContextTest::two)).getMessage();
            assertTrue(call.contains(": no route to 1, my ID is 0: cut by the test at 2"), call);
            String gone = other.gone().get(SOON_S, TimeUnit.SECONDS);
            assertTrue(gone.startsWith("there is no route to it: cut by the test at 2"), gone);
            String later =
                    refusal(() -> other.callNoReply(EndingContextTest::two)).getMessage();
            assertTrue(later.endsWith("has disconnected: " + gone), later);
        }
    }

    // == Calls that nobody waits for ==

    private static final String LOST = EndingContextTest.class.getName() + ".two()I in child (context 1): ";

    @Test
    void shouldLogACallThatNobodyWaitsForWhenItsContextDiesBeforeItAnswersAnother() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            Context context = child.context();
            context.callNoReply(EndingContextTest::two);
            child.hangUp();
            String reason = context.gone().get(SOON_S, TimeUnit.SECONDS);
            log.expect(
                    "30 mitogen.router: a call that nobody waits for may not have run, the call of " + LOST + reason);
        }
        log.check();
    }

    @Test
    void shouldTellListenersBeforeItLogsWhatMayNotHaveRun() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CompletableFuture<Boolean> toldFirst = new CompletableFuture<>();
        LogSink slow = new LogSink() {
            @Override
            public boolean isEnabled(int level) {
                return true;
            }

            @Override
            public void log(String logger, int level, String text) {
                if (text.contains("may not have run")) {
                    try {
                        toldFirst.complete(told.await(5, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        toldFirst.completeExceptionally(e);
                    }
                }
            }
        };
        try (ScriptedContext child = new ScriptedContext("child", slow)) {
            Context context = child.context();
            context.onGone(reason -> told.countDown());
            context.callNoReply(EndingContextTest::two);
            child.hangUp();
            assertTrue(toldFirst.get(SOON_S, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldCountTheCallsThatNobodyWaitsForSinceTheLastAnswer() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            Context context = child.context();
            context.callNoReply(EndingContextTest::two);
            CompletableFuture<Integer> between = context.callAsync(EndingContextTest::two);
            context.callNoReply(EndingContextTest::two);
            context.chain().callNoReply(EndingContextTest::two);
            child.hear();
            child.answer(child.hear(), PickleWriter.toBytes(2));
            between.get(SOON_S, TimeUnit.SECONDS);
            child.hangUp();
            context.gone().get(SOON_S, TimeUnit.SECONDS);
            log.expect("2 calls that nobody waits for may not have run, the last one the call of " + LOST);
        }
        log.check();
    }

    @Test
    void shouldNotLogCallsThatRanOrWhoseContextWasToldToEnd() throws Exception {
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            Context context = child.context();
            context.callNoReply(EndingContextTest::two);
            CompletableFuture<Integer> after = context.callAsync(EndingContextTest::two);
            child.hear();
            child.answer(child.hear(), PickleWriter.toBytes(2));
            after.get(SOON_S, TimeUnit.SECONDS);
            child.hangUp();
            context.gone().get(SOON_S, TimeUnit.SECONDS);
        }
        try (ScriptedContext child = new ScriptedContext("child", log)) {
            child.context().callNoReply(EndingContextTest::two);
            child.context().shutdown();
            child.hangUp();
            child.context().gone().get(SOON_S, TimeUnit.SECONDS);
        }
        try (LinkedRouters tree = new LinkedRouters(log)) {
            tree.master().context(tree.child(1)).callNoReply(EndingContextTest::two);
            tree.master().router().close();
        }
        log.check();
    }

    @Test
    void shouldGiveTheEndForAFailureThatTheEndBrings() throws Exception {
        begun = new CountDownLatch(1);
        gate = new CountDownLatch(1);
        try (LinkedRouters tree = new LinkedRouters(log)) {
            LinkedRouters.Node node = tree.child(1);
            CompletableFuture<Void> call = tree.master().context(node).callAsync(EndingContextTest::failLater);
            assertTrue(begun.await(SOON_S, TimeUnit.SECONDS));
            node.dispatcher().stop("it was told to end");
            gate.countDown();

            String message = endOf(call).getMessage();

            assertTrue(message.contains("has disconnected: it was told to end; the call failed: "), message);
            assertTrue(message.contains("a class is missing"), message);
        }
    }

    @Test
    void shouldSayOfAClosedRouterThatItsContextsAreGone() {
        try (LinkedRouters tree = new LinkedRouters(log)) {
            Context context = tree.master().context(tree.child(1));
            Context unknown = tree.master().contexts().get(77, null);
            Router router = tree.master().router();
            router.close();
            Eventually.until(Duration.ofSeconds(SOON_S), () -> router.closedReason() != null);
            String closed = endOf(context.callAsync(EndingContextTest::two)).getMessage();
            assertTrue(closed.contains(" at 2") && closed.endsWith("; the router was closed"), closed);
            endOf(unknown.callAsync(EndingContextTest::two));
            assertThrows(ContextGoneException.class, () -> unknown.call(EndingContextTest::two));
        }
    }

    @Test
    void shouldSayThatAContextIsOutOfReachWhenTheRoutingModeKeepsItApart() throws Exception {
        try (LinkedRouters tree = new LinkedRouters(log, new Router.Settings(1 << 20, true))) {
            LinkedRouters.Node one = tree.child(1);
            Context other = one.context(tree.child(2));
            String reason = other.gone().get(SOON_S, TimeUnit.SECONDS);
            assertEquals("routing mode prevents forward of messages to it", reason, "not what another one wrote");
        }
    }
}
