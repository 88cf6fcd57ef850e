// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.LogSink;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.Select;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.life.Trees.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How contexts end, and what their users see of it; the same for all ways to serve the streams of processes. */
@Timeout(60)
abstract class DeathContract {
    private static final int KILL_ROUNDS = 20;

    private LeakCheck processes;
    private LeakCheck files;

    abstract RouterOptions options();

    @BeforeEach
    void lookAround() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() {
        processes.check(SOON);
        files.check(SOON);
    }

    // == Somebody else ends a context ==

    @Test
    void shouldFailPendingAndLaterCallsWithTheReasonWhenAContextIsKilled() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.local();
            long pid = context.call(Acts::pid);
            CompletableFuture<Void> pending = context.callAsync(Acts::parkForEver);
            CompletableFuture<Void> queued = context.callAsync(Acts::spin);
            CompletableFuture<String> gone = context.gone();

            Trees.signal("KILL", pid);

            String reason = "process " + pid + ": exit status 137 (killed by signal 9)";
            assertGone(reason, failureOf(pending));
            assertGone(reason, failureOf(queued));
            assertEquals(reason, gone.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
            assertGone(reason, assertThrows(Throwable.class, () -> context.call(Acts::pid)));
            assertEquals(reason, context.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS));
        });
    }

    @Test
    void shouldLoseTheWholeSubtreeWhenTheMiddleOfAChainIsKilled() throws Exception {
        Mitogen.run(options(), router -> {
            Context top = router.local();
            Context middle = top.call(Acts::start, "middle");
            long pid = middle.call(Acts::pid);
            Context low = middle.call(Acts::start, "low");
            Context lowest = low.call(Acts::start, "lowest");
            Set<Long> below = Set.of(low.call(Acts::pid), lowest.call(Acts::pid));
            CompletableFuture<Void> inMiddle = middle.callAsync(Acts::parkForEver);
            CompletableFuture<Void> inLowest = lowest.callAsync(Acts::parkForEver);

            Trees.signal("KILL", pid);

            assertInstanceOf(ContextGoneException.class, failureOf(inMiddle));
            assertInstanceOf(ContextGoneException.class, failureOf(inLowest));
            ProcessLeakCheck.of(below).check(SOON);
            assertGone("lost behind ", assertThrows(Throwable.class, () -> lowest.call(Acts::pid)));
            assertTrue(top.call(Acts::pid) > 0);
        });
    }

    @Test
    void shouldSayHowAContextEndedToAllCallsBehindIt() throws Exception {
        Mitogen.run(options(), router -> {
            Context middle = router.local();
            long pid = middle.call(Acts::pid);
            Context low = middle.call(Acts::start, "low");
            CompletableFuture<Void> pending = low.callAsync(Acts::parkForEver);

            Trees.signal("KILL", pid);

            assertGone("process " + pid + ": exit status 137 (killed by signal 9)", failureOf(pending));
        });
    }

    @Test
    void shouldSayHowAndWhenAContextBelowAnotherEndedWhateverIsAskedOfIt() throws Exception {
        Mitogen.run(options(), router -> {
            Context top = router.local();
            Context middle = top.call(Acts::start, "middle");
            Context low = middle.call(Acts::start, "low");
            long pid = low.call(Acts::pid);
            CompletableFuture<Void> pending = low.callAsync(Acts::parkForEver);
            low.callAsync(Acts::spin);

            Trees.signal("KILL", pid);

            String reason = low.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(reason.endsWith(": process " + pid + ": exit status 137 (killed by signal 9)"), () -> reason);
            assertTrue(reason.startsWith("lost behind " + top.name() + ": lost behind "), () -> reason);
            assertGone(reason, failureOf(pending));
            String later = reason + " at 2";
            Context anew = router.context(low.id());
            assertGone(later, assertThrows(Throwable.class, () -> anew.call(Acts::pid)));
            assertGone(later, failureOf(low.callAsync(Acts::pid)));
            assertGone(later, assertThrows(Throwable.class, () -> low.callNoReply(Acts::pid)));
            assertGone(later, assertThrows(Throwable.class, () -> low.receiver().get()));
            assertGone(later, assertThrows(Throwable.class, () -> Select.lasting(low.receiver())
                    .get()));
            ConnectException via = assertThrows(
                    ConnectException.class, () -> router.connect(Local.create().via(low)));
            assertTrue(via.getMessage().contains(later), via::getMessage);
            assertTrue(middle.call(Acts::howItEnded, low).contains("killed by signal 9"));
            assertTrue(router.local().call(Acts::howItEnded, low).contains("killed by signal 9"));
        });
    }

    @Test
    void shouldEndStoppedContextsByForceWhenTheGraceIsOver() throws Exception {
        try (Broker broker = Broker.start("broker", 500, LogSink.NONE);
                MasterRouter router = new MasterRouter(broker, options())) {
            Context middle = router.local();
            Context low = middle.call(Acts::start, "low");
            Trees.signal("STOP", low.call(Acts::pid));
            Trees.signal("STOP", middle.call(Acts::pid));
        }
    }

    @Test
    void shouldEndATreeOfDepthThreeAtOnceWhenItsRouterIsClosed() throws Exception {
        List<Node> nodes = new ArrayList<>();
        Mitogen.run(options(), router -> nodes.addAll(Trees.grow(router, 1, 3)));

        assertEquals(3, nodes.size());
    }

    // == A context ends itself ==

    @Test
    void shouldNameTheStatusWhenAFunctionExits() throws Exception {
        Mitogen.run(options(), router -> {
            Context exits = router.local();
            Context halts = router.local();

            assertGone("exit status 3", failureOf(exits.callAsync(Acts::exit, 3)));
            assertGone("exit status 4", failureOf(halts.callAsync(Acts::halt, 4)));
        });
    }

    @Test
    void shouldFailTheCallAloneWhenAFunctionRunsOutOfMemory() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.connect(Local.create().jvmOptions("-Xmx32m"));

            CallException e = assertThrows(CallException.class, () -> context.call(Acts::needTooMuch));

            assertTrue(e.getMessage().contains("java.lang.OutOfMemoryError"), e::getMessage);
            assertTrue(context.call(Acts::pid) > 0);
        });
    }

    @Test
    void shouldSayThatAContextEndedBecauseACallWasTooMuchForItsMemory() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.connect(Local.create().jvmOptions("-Xmx32m"));

            assertGone("out of memory", failureOf(context.callAsync(Acts::length, new byte[60_000_000])));
        });
    }

    @Test
    void shouldAnswerOrEndWhenAContextHasNoMemoryLeft() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.connect(Local.create().jvmOptions("-Xmx32m"));
            context.callNoReply(Acts::hoard);
            CompletableFuture<String> gone = context.gone();
            int failures = 0;
            while (failures < 30 && !gone.isDone()) {
                if (isNamedFailure(context.callAsync(Acts::allocate, 1 << 20))) {
                    failures++;
                }
            }
        });
    }

    /** Tells whether a call failed for want of memory: the function alone, or the context as a whole; false for a value. */
    private static boolean isNamedFailure(CompletableFuture<Integer> call) throws Exception {
        try {
            call.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (ExecutionException e) {
            String message = e.getCause().getMessage();
            assertTrue(
                    e.getCause() instanceof CallException && message.contains("OutOfMemoryError")
                            || e.getCause() instanceof ContextGoneException
                                    && (message.contains("exit status") || message.contains("no route to")),
                    message);
            return true;
        }
    }

    @Test
    void shouldNotBeKeptAliveByThreadsOfAFunction() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.local();
            context.call(Acts::leaveThreads);

            context.shutdown();

            assertEquals("exit status 0", statusIn(context));
        });
    }

    @Test
    void shouldTakeProcessesOfFunctionsAlong() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.local();
            long process = context.call(Acts::leaveProcess);
            LeakCheck left = ProcessLeakCheck.of(Set.of(process));
            assertEquals(1, left.leftovers().size());

            context.shutdown();

            assertEquals("exit status 0", statusIn(context));
            left.check(SOON);
        });
    }

    @Test
    void shouldEndAlthoughFunctionsHang(@TempDir Path folder) throws Exception {
        String fifo = folder.resolve("fifo").toString();
        assertEquals(0, new ProcessBuilder("mkfifo", fifo).start().waitFor());
        List<CompletableFuture<?>> hung = new ArrayList<>();
        Mitogen.run(options(), router -> {
            hung.add(router.local().callAsync(Acts::spin));
            hung.add(router.local().callAsync(Acts::ignoreInterrupts));
            hung.add(router.local().callAsync(Acts::blockInOpen, fifo));
            Context asked = router.local();
            asked.call(Acts::pid); // its class is there, so the next call runs and does not fail to be found
            CompletableFuture<Void> spinning = asked.callAsync(Acts::spin);

            asked.shutdown();

            assertGone("exit status 0", failureOf(spinning));
        });
        for (CompletableFuture<?> call : hung) {
            assertInstanceOf(ContextGoneException.class, failureOf(call));
        }
    }

    @Test
    void shouldGiveFunctionsAnEmptyStandardInput() throws Exception {
        Mitogen.run(options(), router -> assertEquals(-1, router.local().call(Acts::readInput)));
    }

    @Test
    void shouldTellListenersOnceWhenAContextHasEnded() throws Exception {
        Mitogen.run(options(), router -> {
            Context context = router.local();
            List<String> reasons = new ArrayList<>();
            CompletableFuture<String> told = new CompletableFuture<>();
            context.onGone(reason -> {
                reasons.add(reason);
                told.complete(reason);
            });

            context.shutdown();
            context.shutdown();

            assertTrue(told.get(SOON.toMillis(), TimeUnit.MILLISECONDS).contains("exit status 0"), told::join);
            router.local().shutdown();
            assertEquals(1, reasons.size());
        });
    }

    // == Random ==

    @Test
    void shouldKeepWhatIsLeftOfATreeAliveWhenRandomPartsAreKilled() throws Exception {
        Random random = new Random(20_251);
        List<Node> nodes = new ArrayList<>();
        Mitogen.run(options(), router -> {
            List<Node> alive = new ArrayList<>();
            for (int round = 0; round < KILL_ROUNDS; round++) {
                if (alive.isEmpty()) {
                    nodes.clear();
                    nodes.addAll(Trees.grow(router, 2, 3));
                    alive.addAll(nodes);
                }
                int victim = nodes.indexOf(alive.get(random.nextInt(alive.size())));
                killAndCheck(nodes, alive, victim, random);
            }
        });
    }

    private static void killAndCheck(List<Node> nodes, List<Node> alive, int victim, Random random) throws Exception {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (Node node : alive) {
            calls.add(node.context().callAsync(Acts::pid));
        }
        if (random.nextBoolean()) {
            Eventually.until(SOON, () -> calls.get(0).isDone());
        }

        Trees.signal("KILL", nodes.get(victim).pid());

        for (CompletableFuture<?> call : calls) {
            assertEndsNamed(call);
        }
        List<Node> lost = alive.stream()
                .filter(node -> Trees.isBelow(nodes, nodes.indexOf(node), victim))
                .toList();
        alive.removeAll(lost);
        for (Node node : lost) {
            node.context().gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            ProcessLeakCheck.of(Set.of(node.pid())).check(SOON);
        }
        for (Node node : alive) {
            assertEquals(node.pid(), node.context().call(Acts::pid));
        }
    }

    private static void assertEndsNamed(CompletableFuture<?> call) throws Exception {
        try {
            call.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            assertInstanceOf(ContextGoneException.class, e.getCause());
        }
    }

    private static String statusIn(Context context) throws Exception {
        String reason = context.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        return reason.substring(reason.indexOf("exit status"));
    }

    private static void assertGone(String part, Throwable failure) {
        assertInstanceOf(ContextGoneException.class, failure);
        assertTrue(failure.getMessage().contains(part), () -> failure.getMessage() + " does not contain " + part);
    }
}
