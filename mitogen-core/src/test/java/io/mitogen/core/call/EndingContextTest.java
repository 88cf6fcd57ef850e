// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.route.Router;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.testing.ScriptedContext;
import io.mitogen.core.wire.Handles;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
            String end = "the respondent Context has disconnected: " + reason;

            String now = assertThrows(ContextGoneException.class, () -> context.call(EndingContextTest::two))
                    .getMessage();
            assertTrue(now.endsWith(end), now);
            String later = endOf(context.callAsync(EndingContextTest::two)).getMessage();
            assertTrue(later.endsWith(end), later);
            context.callNoReply(EndingContextTest::two);
            context.send(Handles.CALL_FUNCTION, 1);
        }
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
            tree.master().router().close();
            endOf(context.callAsync(EndingContextTest::two));
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
