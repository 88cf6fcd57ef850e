// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.RecordingSink;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs calls, over real links, without processes. */
class DispatcherTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<Object> RAN = new CopyOnWriteArrayList<>();

    private static volatile CountDownLatch gate;

    private final RecordingSink log = new RecordingSink();
    private final LinkedRouters tree = new LinkedRouters(log);
    private final LinkedRouters.Node master = tree.master();
    private final LinkedRouters.Node node = tree.child(1);
    private final Context child = master.context(node);

    @BeforeEach
    void begin() {
        RAN.clear();
        gate = new CountDownLatch(1);
    }

    @AfterEach
    void end() {
        gate.countDown();
        tree.close();
        log.check();
    }

    static int run(int number) {
        RAN.add(number);
        return number;
    }

    static void hold() throws InterruptedException {
        gate.await();
    }

    static void fail(String message) {
        RAN.add(message);
        throw new IllegalStateException(message);
    }

    static void failOfTheEnd() throws InterruptedException {
        RAN.add("begun");
        gate.await();
        throw ChannelException.of("loading a class", "Broker has exitted");
    }

    private CallError answerTo(byte[] body) throws Exception {
        try (Receiver receiver = Receiver.open(master.contexts())) {
            master.router().send(Message.to(1, Handles.CALL_FUNCTION, receiver.handle(), body));
            CallException failed = assertThrows(CallException.class, () -> receiver.get(SOON));
            return new CallError(failed.remoteType() + ": " + failed.remoteMessage());
        }
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    @Test
    void shouldTellOfTheEndOfTheContextWhenACallFailsOfIt() {
        CompletableFuture<Void> call = child.callAsync(DispatcherTest::failOfTheEnd);
        Eventually.until(SOON, () -> RAN.contains("begun"));
        node.dispatcher().stop("the context is shutting down");
        gate.countDown();

        ContextGoneException gone = assertInstanceOf(ContextGoneException.class, causeOf(call));
        assertTrue(gone.getMessage().contains("the context is shutting down; the call failed: "), gone.getMessage());
    }

    @Test
    void shouldRunCallsOneAfterAnotherInTheOrderSent() {
        CompletableFuture<Void> held = child.callAsync(DispatcherTest::hold);
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            numbers.add(i);
            results.add(child.callAsync(DispatcherTest::run, i));
        }
        assertFalse(held.isDone());
        assertEquals(List.of(), RAN);
        gate.countDown();
        for (int i = 0; i < 500; i++) {
            assertEquals(i, results.get(i).join());
        }
        assertEquals(numbers, RAN);
    }

    @Test
    void shouldFailAWholeChainWithItsFirstError() {
        try (CallChain chain = child.chain()) {
            CompletableFuture<Integer> good = chain.callAsync(DispatcherTest::run, 1);
            chain.callNoReply(DispatcherTest::fail, "first");
            CompletableFuture<Integer> behind = chain.callAsync(DispatcherTest::run, 2);
            CompletableFuture<Void> other = chain.callAsync(DispatcherTest::fail, "second");
            assertEquals(1, good.join());
            assertEquals("first", ((CallException) causeOf(behind)).remoteMessage());
            assertEquals("first", ((CallException) causeOf(other)).remoteMessage());
            assertEquals(
                    "first",
                    assertThrows(CallException.class, () -> chain.call(DispatcherTest::run, 3))
                            .remoteMessage());
            try (CallChain another = child.chain()) {
                assertEquals(4, another.call(DispatcherTest::run, 4));
            }
            chain.reset();
            assertEquals(5, chain.call(DispatcherTest::run, 5));
        }
        assertEquals(List.of(1, "first", 4, 5), RAN);
    }

    @Test
    void shouldForgetAChainByItsPythonName() throws Exception {
        checkForgets("x");
    }

    @Test
    void shouldTakeBytesForTheNameOfAChainWhenPython2SendsThem() throws Exception {
        checkForgets(new byte[] {'x'});
    }

    private void checkForgets(Object chain) throws Exception {
        byte[] failing = call(chain, "fail", Tuple.of("once"));
        byte[] behind = call(chain, "run", Tuple.of(1));
        assertEquals("java.lang.IllegalStateException: once", answerTo(failing).text());
        assertEquals("java.lang.IllegalStateException: once", answerTo(behind).text());
        child.send(
                Handles.CALL_FUNCTION,
                Tuple.of(null, "mitogen.core", "Dispatcher", "forget_chain", Tuple.of(chain), Kwargs.of()));
        try (Receiver receiver = Receiver.open(master.contexts())) {
            master.router().send(Message.to(1, Handles.CALL_FUNCTION, receiver.handle(), behind));
            assertEquals(1, receiver.get(SOON));
        }
    }

    private static byte[] call(Object chain, String function, Tuple arguments) {
        String self = DispatcherTest.class.getName();
        return PickleWriter.toBytes(Tuple.of(chain, self, null, function, arguments, Kwargs.of()));
    }

    @Test
    void shouldLogTheFailureOfACallThatNobodyWaitsFor() {
        log.expect("No-reply function call failed: java.lang.IllegalStateException: unheard\n\tat ");
        child.callNoReply(DispatcherTest::fail, "unheard");
        assertEquals(1, child.call(DispatcherTest::run, 1));
        assertTrue(log.has("40 mitogen: No-reply function call failed"));
        String where = "\n\tin the call of " + DispatcherTest.class.getName()
                + ".fail(Ljava/lang/String;)V in child1 (context 1)";
        assertTrue(log.has(where), log.records()::toString);
    }

    @Test
    void shouldLogACallThatCannotBeReadAndThatNobodyWaitsFor() {
        log.expect("No-reply function call failed: io.mitogen.core.pickle.PickleException");
        master.router().send(Message.to(1, Handles.CALL_FUNCTION, 0, new byte[] {'x'}));
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    static Object unpicklable() {
        return Map.of("at", List.of(Instant.EPOCH));
    }

    @Test
    void shouldFailTheCallWhenItsResultMayNotBeSent() {
        CallException failed = assertThrows(CallException.class, () -> child.call(DispatcherTest::unpicklable));
        assertEquals("io.mitogen.core.pickle.PickleException", failed.remoteType());
        assertEquals("result.get(\"at\")[0]: java.time.Instant may not be sent", failed.remoteMessage());
        child.callNoReply(DispatcherTest::unpicklable); // nobody wants it: nothing is wrong with it
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    static List<Object> hostileList() {
        return new AbstractList<Object>() {
            @Override
            public Object get(int index) {
                throw new StackOverflowError("in get");
            }

            @Override
            public int size() {
                return 1;
            }
        };
    }

    @Test
    void shouldFailTheCallWhenItsResultThrowsWhileItIsRead() {
        CallException failed = assertThrows(CallException.class, () -> child.call(DispatcherTest::hostileList));
        assertEquals("java.lang.StackOverflowError", failed.remoteType());
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    static byte[] large(int length) {
        return new byte[length];
    }

    @Test
    void shouldFailTheCallerWhenTheResultIsTooLarge() {
        log.expect("message too large");
        ChannelException failed =
                assertThrows(ChannelException.class, () -> child.call(DispatcherTest::large, 2 << 20));
        assertTrue(failed.getMessage().startsWith("call of io.mitogen.core.call.DispatcherTest.large(I)[B in child1"));
        assertTrue(
                failed.getMessage().contains(": message too large (max 1048576 bytes); send less"),
                failed.getMessage());
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    static int length(byte[] data) {
        return data.length;
    }

    @Test
    void shouldFailTheCallerWhenAnArgumentIsTooLarge() {
        log.expect("message too large");
        byte[] data = new byte[2 << 20];
        ChannelException failed = assertThrows(ChannelException.class, () -> child.call(DispatcherTest::length, data));
        assertTrue(
                failed.getMessage().contains(": message too large (max 1048576 bytes); send less"),
                failed.getMessage());
        assertEquals(5, child.call(DispatcherTest::length, new byte[5]));
    }

    @Test
    void shouldGoOnWhenACallThatNobodyWaitsForIsTooLarge() {
        String refusal = assertThrows(
                        ChannelException.class, () -> child.callNoReply(DispatcherTest::length, new byte[2 << 20]))
                .getMessage();
        assertTrue(refusal.startsWith(
                "call of " + DispatcherTest.class.getName() + ".length([B)I in child1 (context 1):"));
        assertTrue(refusal.contains("message too large (max 1048576 bytes): it has 2097245 bytes; send less"), refusal);
        assertEquals(5, child.call(DispatcherTest::length, new byte[5]));
    }

    @Test
    void shouldAnswerGarbageWithAnError() throws Exception {
        List<byte[]> garbage = new ArrayList<>(List.of(new byte[0], new byte[] {1, 2}, PickleWriter.toBytes("x")));
        String self = DispatcherTest.class.getName();
        Tuple none = Tuple.of();
        for (Tuple call : List.of(
                Tuple.of(null, self, null, "run", none),
                Tuple.of(1, self, null, "run", none, Kwargs.of()),
                Tuple.of(null, null, null, "run", none, Kwargs.of()),
                Tuple.of(null, self, 5, "run", none, Kwargs.of()),
                Tuple.of(null, self, null, null, none, Kwargs.of()),
                Tuple.of(null, self, null, "run", "args", Kwargs.of()),
                Tuple.of(null, self, null, "run", none, null),
                Tuple.of(null, self, null, "run", none, Map.of(1, 2)))) {
            garbage.add(PickleWriter.toBytes(call));
        }
        for (byte[] body : garbage) {
            assertTrue(answerTo(body).text().startsWith("io.mitogen.core.pickle.PickleException: "));
        }
        String missing = answerTo(PickleWriter.toBytes(Tuple.of(null, "no.Such", "Inner", "run", none, Kwargs.of())))
                .text();
        assertTrue(missing.contains("class no.Such$Inner was not found"), missing);
        String refused = answerTo(PickleWriter.toBytes(new CallError("x: cannot pickle")))
                .text();
        assertTrue(refused.contains("the caller could not pickle the call: x: cannot pickle"), refused);
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    @Test
    void shouldTakeListsAndDictsAsPythonCallersMaySendThem() throws Exception {
        byte[] body = PickleWriter.toBytes(
                Tuple.of(null, "io.mitogen.core.call", "DispatcherTest", "run", List.of(7), Map.of()));
        assertTrue(answerTo(body).text().contains("io.mitogen.core.call$DispatcherTest"));
        String self = DispatcherTest.class.getName();
        try (Receiver receiver = Receiver.open(master.contexts())) {
            byte[] call = PickleWriter.toBytes(Tuple.of(null, self, null, "run", List.of(7), Map.of()));
            master.router().send(Message.to(1, Handles.CALL_FUNCTION, receiver.handle(), call));
            assertEquals(7, receiver.get(SOON));
        }
    }

    @Test
    void shouldNotObeySiblingsAndChildren() throws Exception {
        LinkedRouters.Node sibling = tree.child(2);
        LinkedRouters.Node grandchild = tree.child(node, 3);
        for (LinkedRouters.Node caller : List.of(sibling, grandchild)) {
            Context target = caller.context(node);
            ChannelException refused = assertThrows(ChannelException.class, () -> target.call(DispatcherTest::run, 1));
            assertTrue(refused.getMessage().endsWith("refused by policy"), refused.getMessage());
            caller.router().send(Message.dead(1, Handles.CALL_FUNCTION, "end!"));
        }
        assertEquals(2, node.context(grandchild).call(DispatcherTest::run, 2));
        assertEquals(3, master.context(grandchild).call(DispatcherTest::run, 3));
        assertEquals(4, child.call(DispatcherTest::run, 4));
        assertEquals(List.of(2, 3, 4), RAN);
    }

    @Test
    void shouldRefuseCallsToAMaster() {
        ChannelException refused =
                assertThrows(ChannelException.class, () -> node.context(master).call(DispatcherTest::run, 1));
        assertTrue(refused.getMessage().endsWith("invalid handle"), refused.getMessage());
        assertThrows(ChannelException.class, () -> master.child().self().call(DispatcherTest::run, 1));
    }

    @Test
    void shouldEndWhenItsParentSendsADeadMessage() throws Exception {
        master.router().send(Message.dead(1, Handles.CALL_FUNCTION, "enough"));
        Eventually.until(SOON, () -> !node.dispatching().isAlive());
    }

    @Test
    void shouldEndWithItsRouter() throws Exception {
        node.router().broker().shutdown();
        node.cutParent();
        Eventually.until(SOON, () -> !node.dispatching().isAlive());
    }

    static void overflow(int depth) {
        overflow(depth + 1);
    }

    static void outOfMemory() {
        throw new OutOfMemoryError("Java heap space");
    }

    static void huge() {
        throw new IllegalArgumentException("\ud83d\ude00".repeat(1 << 20));
    }

    @Test
    void shouldSurviveErrors() {
        CallException overflow = assertThrows(CallException.class, () -> child.call(DispatcherTest::overflow, 0));
        assertEquals("java.lang.StackOverflowError", overflow.remoteType());
        CallException memory = assertThrows(CallException.class, () -> child.call(DispatcherTest::outOfMemory));
        assertEquals("Java heap space", memory.remoteMessage());
        CallException huge = assertThrows(CallException.class, () -> child.call(DispatcherTest::huge));
        assertTrue(huge.remoteMessage().length() <= 5_000);
        assertTrue(huge.remoteMessage().endsWith("\ud83d\ude00\n... (cut)"));
        assertTrue(huge.remoteStack().contains("DispatcherTest.huge"), "the stack is not cut");
        assertEquals(1, child.call(DispatcherTest::run, 1));
    }

    static void silent() {
        throw new IllegalStateException();
    }

    static void caused() throws Exception {
        Exception root = new Exception("root", new IllegalStateException("deeper"));
        root.getCause().initCause(root);
        throw new Exception("outer", root);
    }

    /** An exception of which nothing works. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack");
        }
    }

    static void broken() {
        throw new Broken();
    }

    @Test
    void shouldTellWhatItCanOfAnException() {
        CallException silent = assertThrows(CallException.class, () -> child.call(DispatcherTest::silent));
        assertEquals("java.lang.IllegalStateException", silent.remoteType());
        assertEquals("", silent.remoteMessage());
        assertTrue(silent.getMessage().endsWith("failed: java.lang.IllegalStateException"), silent.getMessage());

        CallException caused = assertThrows(CallException.class, () -> child.call(DispatcherTest::caused));
        assertEquals("outer", caused.remoteMessage());
        String stack = caused.remoteStack();
        assertTrue(stack.contains("Caused by: java.lang.Exception: root\n\tat "), stack);
        assertTrue(stack.contains("Caused by: java.lang.IllegalStateException: deeper\n\tat "), stack);

        CallException broken = assertThrows(CallException.class, () -> child.call(DispatcherTest::broken));
        assertEquals(Broken.class.getName(), broken.remoteType());
        assertEquals("(no message: its getMessage() threw java.lang.IllegalStateException)", broken.remoteMessage());
        assertEquals("", broken.remoteStack());
    }

    @Test
    void shouldShowTheUsersFramesOnly() {
        CallException failed = assertThrows(CallException.class, () -> child.call(DispatcherTest::fail, "x"));
        List<String> lines = failed.remoteStack().lines().toList();
        assertEquals(1, lines.size(), failed.remoteStack());
        assertTrue(lines.get(0).contains("DispatcherTest.fail(DispatcherTest.java:"), lines.get(0));
    }

    static void callFurther(ChildContext here, Context next) {
        next.call(DispatcherTest::fail, "far away");
    }

    @Test
    void shouldShowTheStackOfEveryContextOnTheWay() {
        LinkedRouters.Node grandchild = tree.child(node, 3);
        Context next = master.context(grandchild);
        CallException failed = assertThrows(CallException.class, () -> child.call(DispatcherTest::callFurther, next));
        assertEquals(CallException.class.getName(), failed.remoteType());
        String stack = failed.remoteStack();
        assertTrue(stack.contains("DispatcherTest.callFurther"), stack);
        assertTrue(stack.contains("Caused by: java.lang.IllegalStateException: far away\n\tat "), stack);
        assertTrue(stack.contains("DispatcherTest.fail("), stack);
    }

    static void interruptSelf() {
        Thread.currentThread().interrupt();
    }

    static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    @Test
    void shouldNotPassAnInterruptOnToTheNextFunction() {
        child.callNoReply(DispatcherTest::hold);
        child.callNoReply(DispatcherTest::interruptSelf);
        CompletableFuture<Boolean> next = child.callAsync(DispatcherTest::isInterrupted); // waits when the others end
        gate.countDown();
        assertFalse(next.join());
        node.dispatching().interrupt(); // while it waits for a call
        assertEquals(1, child.call(DispatcherTest::run, 1));
        assertTrue(node.dispatching().isAlive());
    }

    static void replaceLoader() {
        Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], null));
    }

    static String loader() {
        return String.valueOf(Thread.currentThread().getContextClassLoader());
    }

    @Test
    void shouldGiveCallbacksTheContextClassLoaderOfWhoMadeTheirContexts() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader own = new URLClassLoader(new URL[0], null);
        thread.setContextClassLoader(own);
        Contexts contexts;
        try {
            contexts = new Contexts(master.router());
        } finally {
            thread.setContextClassLoader(before);
        }
        CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
        contexts.newLane().execute(() -> seen.complete(Thread.currentThread().getContextClassLoader()));
        assertSame(own, seen.get(SOON.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void shouldGiveEveryFunctionTheSameContextClassLoader() {
        String before = child.call(DispatcherTest::loader);
        child.call(DispatcherTest::replaceLoader);
        assertEquals(before, child.call(DispatcherTest::loader));
    }

    static Object callSelf(ChildContext here) {
        return here.self().call(DispatcherTest::run, 1);
    }

    static int callSelfLater(ChildContext here) {
        CompletableFuture<Integer> later = here.self().callAsync(DispatcherTest::run, 1);
        return later.isDone() ? 1 : 0;
    }

    @Test
    void shouldRefuseToWaitForItself() {
        CallException refused = assertThrows(CallException.class, () -> child.call(DispatcherTest::callSelf));
        assertTrue(refused.remoteMessage().contains("which would wait for itself"), refused.remoteMessage());
        assertEquals(0, child.call(DispatcherTest::callSelfLater));
        Eventually.until(SOON, () -> RAN.equals(List.of(1)));
    }

    @Test
    void shouldNameTheArgumentThatMayNotBeSent() {
        Map<String, Object> when = Map.of("when", Instant.EPOCH);
        assertEquals(
                "args[1].get(\"when\"): java.time.Instant may not be sent",
                assertThrows(RuntimeException.class, () -> child.call((a, b) -> a + ":" + b, "x", when))
                        .getMessage());
        List<Object> captured = List.of(1, List.of(Instant.EPOCH));
        assertEquals(
                "captured[0][1][0]: java.time.Instant may not be sent",
                assertThrows(RuntimeException.class, () -> child.call(() -> captured.size()))
                        .getMessage());
        String prefix = "behind a captured value";
        assertEquals(
                "args[0]: java.time.Instant may not be sent",
                assertThrows(RuntimeException.class, () -> child.call((Object a) -> prefix + a, Instant.EPOCH))
                        .getMessage());
        assertEquals(
                "args[0]: java.time.Instant may not be sent",
                assertThrows(RuntimeException.class, () -> child.callAsync("a.B", "c", Instant.EPOCH))
                        .getMessage());
    }

    static Secret secret(Secret secret, int number) {
        return secret;
    }

    @Test
    void shouldNeverPrintASecret() {
        Secret secret = Secret.of("hunter2");
        assertEquals(secret, child.call(DispatcherTest::secret, secret, 1));
        List<String> texts = new ArrayList<>();
        String self = DispatcherTest.class.getName();
        for (Object[] arguments :
                new Object[][] {{secret, secret}, {secret}, {List.of(secret), 1}, {1, secret}, {Map.of("x", secret), 1}
                }) {
            for (String function : List.of("secret", "run", "length", "none")) {
                texts.add(Log.stackOf(assertThrows(CallException.class, () -> child.call(self, function, arguments))));
            }
        }
        texts.add(Log.stackOf(
                assertThrows(RuntimeException.class, () -> child.call(self, "run", List.of(secret, Instant.EPOCH)))));
        texts.add(Log.stackOf(
                assertThrows(RuntimeException.class, () -> child.call(self, "run", Map.of(secret, Instant.EPOCH)))));
        texts.addAll(log.records());
        for (String text : texts) {
            assertFalse(text.contains("hunter2"), text);
        }
    }
}
