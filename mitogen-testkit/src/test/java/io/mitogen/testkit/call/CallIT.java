// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.Log;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.CallInterruptedException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.call.Remote;
import io.mitogen.core.call.Select;
import io.mitogen.core.call.Sender;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.Bytes;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Calls into real contexts. The two that all tests share must survive every one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CallIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String FUNCTIONS = Functions.class.getName();

    private Broker broker;
    private MasterRouter router;
    private Context child;
    private Context sibling;

    @BeforeAll
    void begin() {
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        CompletableFuture<Context> second = router.connectAsync(Local.create().name("sibling"));
        child = router.connect(Local.create().name("child"));
        sibling = second.join();
    }

    @AfterAll
    void end() {
        router.close();
        broker.close();
    }

    @Test
    void shouldCallWhatTheCompilerChose() {
        assertEquals("int", child.call((Remote.Fn1<Integer, String>) Functions::over, 5));
        assertEquals("long", child.call((Remote.Fn1<Long, String>) Functions::over, 5L));
        assertEquals("List", child.call((Remote.Fn1<List<String>, String>) Functions::over, List.of()));
        assertEquals(6, child.call((Remote.Fn3<Integer, Integer, Integer, Integer>) Functions::sum, 1, 2, 3));
        int[] numbers = {1, 2, 3, 4};
        assertEquals(10, child.call((Remote.Fn1<int[], Integer>) Functions::sum, numbers));
        int length = child.call(String::length, "four");
        assertEquals(4, length);
        assertEquals("ff", child.call((Remote.Fn1<Integer, String>) Integer::toHexString, 255));
        assertEquals("true 1 2 x 0.5", child.call(Functions::primitives, true, (byte) 1, (short) 2, 'x', 0.5f));
        double mean = child.call(Functions::mean, 1L, 2.0);
        assertEquals(1.5, mean);
        Map<String, List<Long>> lengths = child.call(Functions::byLength, List.of("ab", "abc", "b"));
        assertEquals(Map.of("a", List.of(2L, 3L), "b", List.of(1L)), lengths);
    }

    @Test
    void shouldChooseByTheValuesWhenCalledByName() {
        assertEquals("int", child.call(FUNCTIONS, "over", 5));
        assertEquals("long", child.call(FUNCTIONS, "over", 5L));
        assertEquals("long", child.call(FUNCTIONS, "over", 1L << 40));
        assertEquals("String", child.call(FUNCTIONS, "over", "5"));
        assertEquals("List", child.call(FUNCTIONS, "over", List.of("5")));
        assertEquals("long", child.call(FUNCTIONS, "over(J)Ljava/lang/String;", 5));
        assertEquals(0, child.call(FUNCTIONS, "sum"));
        assertEquals(6, child.call(FUNCTIONS, "sum", 1, 2, 3));
        CallException none = assertThrows(CallException.class, () -> child.call(FUNCTIONS, "over", Map.of()));
        assertTrue(none.remoteMessage().startsWith("no overload takes (java.util.LinkedHashMap)"), none::toString);
    }

    @Test
    void shouldRunProceduresAndLambdas() throws Exception {
        int before = child.call(Functions::noted);
        child.call(Functions::note, 2);
        assertNull(child.callAsync(Functions::note, 3).get());
        child.callNoReply(Functions::note, 4);
        int after = child.call(Functions::noted);
        assertEquals(before + 9, after);

        List<Long> numbers = List.of(1L, 2L, 3_000_000_000L);
        short small = 7;
        Map<String, Long> named = Map.of("x", 5L);
        long total = child.call(() -> {
            long sum = small + named.get("x");
            for (long number : numbers) { // a ClassCastException if a Long did not stay one
                sum += number;
            }
            return sum;
        });
        assertEquals(3_000_000_015L, total);
        List<Long> made = child.call(() -> List.of(1L, 2L));
        long first = made.get(0);
        assertEquals(1, first);
        assertEquals("7x", child.call((String text) -> small + text, "x"));
    }

    @Test
    void shouldGiveTheFunctionItsContext() {
        assertEquals(child.id() + " child below 0", child.call(Functions::whoAmI));
        assertSame(child, child.call(Functions::self));
        assertEquals("child", child.call(here -> here.self().name() + ""));
    }

    @Test
    void shouldLetFunctionsStartAndCallContexts() {
        List<String> names = router.connect(Local.create().name("root")).call(Functions::recurse, 2);
        assertEquals(4, names.size(), names::toString);
    }

    @Test
    void shouldCarryEveryValueThereAndBack() {
        assertEquals("pw!", child.call(Functions::secret, Secret.of("pw")).reveal());
        Blob blob = child.call(Functions::blob, Blob.of(new byte[] {1, -1}));
        assertArrayEquals(new byte[] {1, -1}, blob.bytes());
        Bytearray bytes = child.call(Functions::bytearray, Bytearray.wrap(new byte[] {1}));
        assertArrayEquals(new byte[] {2}, bytes.bytes());
        assertEquals(Tuple.of("b", 1), child.call(Functions::tuple, Tuple.of(1, "b")));
        assertEquals(Map.of("given", 2), child.call(Functions::kwargs, Kwargs.copyOf(Map.of("a", 1, "b", 2))));
        BigInteger big = BigInteger.ONE.shiftLeft(2047).subtract(BigInteger.TWO);
        assertEquals(big.shiftLeft(1), child.call(Functions::twice, big));
        Object nothing = child.call(Functions::echo, (Object) null);
        assertNull(nothing);
        Map<Object, Object> oddKeys = new HashMap<>();
        oddKeys.put(null, 1);
        oddKeys.put(Tuple.of(1, "x"), 2);
        oddKeys.put(Bytes.of(new byte[] {1}), 3);
        for (Object value : new Object[] {
            true,
            0,
            -1,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            5L,
            Long.MIN_VALUE,
            big.negate(),
            0.5,
            -0.0,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            "",
            "\ud83d\ude00 \ud800 \udfff \0",
            List.of(),
            Tuple.of(),
            Arrays.asList(1, null, 2L),
            oddKeys,
            child,
            sibling,
            router.context(0)
        }) {
            assertEquals(value, child.call(Functions::echo, value));
        }
        assertArrayEquals(new byte[] {0, -128}, (byte[]) child.call(Functions::echo, (Object) new byte[] {0, -128}));
        try (Receiver receiver = router.receiver()) {
            assertEquals(receiver.toSender(), child.call(Functions::echo, (Object) receiver.toSender()));
        }
    }

    @Test
    void shouldLetCallbacksInAContextFindItsClasses() {
        assertTrue(child.<Boolean>call(Functions::isFoundByCallbacks));
    }

    @Test
    void shouldSurviveDeepNesting() {
        Object nested = List.of();
        for (int i = 0; i < 200_000; i++) {
            nested = Collections.singletonList(nested);
        }
        Object value = nested;
        Object echo = child.call(Functions::echo, value);
        for (int i = 0; i < 200_000; i++) {
            echo = ((List<?>) echo).get(0);
        }
        assertEquals(List.of(), echo);
        CallException failed =
                assertThrows(CallException.class, () -> child.call(Functions::describeAll, (List<?>) value));
        assertEquals("java.lang.StackOverflowError", failed.remoteType());
        assertEquals(0, child.call(Functions::sum0));
    }

    @Test
    void shouldHaveManyCallsInFlight() {
        List<CompletableFuture<Object>> results = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            results.add(child.callAsync(Functions::echo, (Object) i));
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i, results.get(i).join());
        }
    }

    @Test
    void shouldServeManyThreads() {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Context target = t % 2 == 0 ? child : sibling;
            String name = "thread " + t;
            CompletableFuture<Void> done = new CompletableFuture<>();
            threads.add(done);
            new Thread(
                            () -> {
                                try {
                                    for (int i = 0; i < 200; i++) {
                                        assertEquals(name + i, target.call(Functions::echo, (Object) (name + i)));
                                    }
                                    done.complete(null);
                                } catch (Throwable e) {
                                    done.completeExceptionally(e);
                                }
                            },
                            name)
                    .start();
        }
        threads.forEach(CompletableFuture::join);
    }

    @Test
    void shouldShowBothSidesOfAFailure() {
        CallException failed = assertThrows(CallException.class, () -> child.call(Functions::fail, "no disk"));
        assertEquals("java.lang.IllegalStateException", failed.remoteType());
        assertEquals("no disk", failed.remoteMessage());
        String printed = Log.stackOf(failed);
        int message = printed.indexOf("call of io.mitogen.testkit.call.Functions.fail(Ljava/lang/String;)I in child");
        int remote = printed.indexOf("Functions.fail(Functions.java:");
        int cause = printed.indexOf("Caused by: java.lang.NumberFormatException: the cause");
        int local = printed.indexOf("CallIT.");
        assertTrue(0 <= message && message < remote && remote < cause && cause < local, printed);
        CompletionException later = assertThrows(CompletionException.class, () -> child.callAsync(Functions::fail, "x")
                .join());
        assertEquals("x", ((CallException) later.getCause()).remoteMessage());
    }

    @Test
    void shouldFailCallsToAContextThatIsGone() throws Exception {
        Context brief = router.local();
        CompletableFuture<Void> pending;
        String reason;
        try (Receiver receiver = router.receiver()) {
            CompletableFuture<Object> held = brief.callAsync(Functions::hold, receiver.toSender());
            receiver.get(SOON);
            pending = brief.callAsync(Functions::note, 1);
            brief.shutdown();
            reason = brief.gone().get(SOON.toSeconds(), TimeUnit.SECONDS);
            causeOf(held); // by its receiver's end, or by the link's: whichever is faster
        }
        assertEquals(ContextGoneException.class, causeOf(pending).getClass());
        String gone = assertThrows(ContextGoneException.class, () -> brief.call(Functions::sum0))
                .getMessage();
        assertTrue(gone.contains("the respondent Context has disconnected: " + reason + " at 2"), gone);
        assertEquals(
                ContextGoneException.class,
                causeOf(brief.callAsync(Functions::sum0)).getClass());
        assertThrows(ContextGoneException.class, () -> brief.callNoReply(Functions::note, 1));
        brief.chain().close();
    }

    @Test
    void shouldTellAContextThatAnotherIsGoneForWhichItWaits() throws Exception {
        Context brief = router.local();
        for (boolean isGone : new boolean[] {false, true}) {
            try (Receiver receiver = router.receiver()) {
                CompletableFuture<Object> waiting = child.callAsync(Functions::await, brief, receiver.toSender());
                receiver.get(SOON);
                brief.shutdown();
                ExecutionException failed =
                        assertThrows(ExecutionException.class, () -> waiting.get(SOON.toSeconds(), TimeUnit.SECONDS));
                CallException gone = (CallException) failed.getCause();
                assertEquals(ContextGoneException.class.getName(), gone.remoteType(), "gone before: " + isGone);
            }
        }
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void shouldFailCallsOfARouterOrBrokerThatIsClosed() {
        Broker own = Mitogen.startBroker();
        Context ofRouter;
        try (MasterRouter first = new MasterRouter(own)) {
            ofRouter = first.local();
        }
        assertThrows(ChannelException.class, () -> ofRouter.call(Functions::sum0));
        MasterRouter second = new MasterRouter(own);
        Context ofBroker = second.local();
        own.close();
        assertThrows(ChannelException.class, () -> ofBroker.call(Functions::sum0));
        assertEquals(
                ContextGoneException.class,
                causeOf(ofBroker.callAsync(Functions::sum0)).getClass());
        second.close();
    }

    @Test
    void shouldAllowCallsInCallbacksAndRefuseThemInATurn() {
        CompletableFuture<Integer> second =
                child.callAsync(Functions::noted).thenApply(first -> child.call(Functions::sum0));
        assertEquals(0, second.join());
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        broker.defer(() -> {
            thrown.complete(assertThrows(IllegalStateException.class, () -> child.call(Functions::sum0)));
        });
        String refusal = thrown.join().getMessage();
        assertTrue(refusal.contains("sum0()I in child"), refusal);
        assertTrue(refusal.contains("inside a turn of the broker"), refusal);
        assertThrows(IllegalStateException.class, () -> broker.runInTurn(() -> router.connect(Local.create())));
    }

    @Test
    void shouldStopWaitingWhenInterrupted() throws Exception {
        try (Receiver receiver = router.receiver()) {
            CompletableFuture<Boolean> stillSet = new CompletableFuture<>();
            Sender waiting = receiver.toSender();
            Thread calling = new Thread(
                    () -> {
                        assertThrows(CallInterruptedException.class, () -> child.call(Functions::hold, waiting));
                        stillSet.complete(Thread.currentThread().isInterrupted());
                    },
                    "is interrupted");
            calling.start();
            Sender release = (Sender) receiver.get(SOON);
            calling.interrupt();
            assertTrue(stillSet.get(SOON.toSeconds(), TimeUnit.SECONDS));
            release.send("go on");
            assertEquals(0, child.call(Functions::sum0));
        }
    }

    @Test
    void shouldStreamValuesToASender() {
        try (Receiver receiver = child.receiver()) {
            CompletableFuture<Void> done = child.callAsync(Functions::stream, receiver.toSender(), 10_000);
            int expected = 0;
            for (Object value : receiver) {
                assertEquals(expected++, value);
            }
            assertEquals(10_000, expected);
            done.join();
        }
    }

    @Test
    void shouldShareAReceiverAndSelectAmongThem() throws Exception {
        try (Receiver shared = router.receiver();
                Receiver own = child.receiver()) {
            child.callNoReply(Functions::send, shared.toSender(), (Object) "child");
            sibling.callNoReply(Functions::send, shared.toSender(), (Object) "sibling");
            List<Object> values = new ArrayList<>(List.of(shared.get(SOON), shared.get(SOON)));
            assertTrue(values.containsAll(List.of("child", "sibling")), values::toString);
            child.callNoReply(Functions::send, own.toSender(), (Object) 1);
            sibling.callNoReply(Functions::send, shared.toSender(), (Object) 2);
            assertTrue(Select.all(own, shared).containsAll(List.of(1, 2)));
        }
    }

    @Test
    void shouldLetSiblingsSendButNotCommand() throws Exception {
        CallException refused = assertThrows(CallException.class, () -> child.call(Functions::callOther, sibling));
        assertEquals(ChannelException.class.getName(), refused.remoteType());
        assertTrue(refused.remoteMessage().endsWith("refused by policy"), refused.remoteMessage());
        try (Receiver receiver = router.receiver()) {
            CompletableFuture<Object> held = sibling.callAsync(Functions::hold, receiver.toSender());
            Sender toSibling = (Sender) receiver.get(SOON);
            child.call(Functions::send, toSibling, (Object) "hello");
            assertEquals("hello", held.get(SOON.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldNotCallAFunctionWhoseArgumentsAreRefused() {
        int before = child.call(Functions::noted);
        assertThrows(RuntimeException.class, () -> child.callNoReply(Functions::send, null, new Object()));
        assertThrows(CallException.class, () -> child.call(FUNCTIONS, "note", 1L << 40));
        int after = child.call(Functions::noted);
        assertEquals(before, after);
        assertFalse(child.gone().isDone());
    }
}
