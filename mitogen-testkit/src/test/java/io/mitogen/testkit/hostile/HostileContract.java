// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Log;
import io.mitogen.core.MitogenException;
import io.mitogen.core.Printable;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.NoJavaTypeException;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.PeerLog;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a child can do to a master, and to its siblings, by saying what it likes: nothing but end its own link. */
abstract class HostileContract {
    private static final Logger MITOGEN = Logger.getLogger("mitogen");

    /** A real sibling's function. */
    static final class Honest {
        private Honest() {}

        static String say(String word) {
            return word;
        }

        static Map<String, Integer> numbers() {
            return Map.of();
        }

        /** Answers after a while, so that others can try to be faster. */
        static String sayLater(String word) throws InterruptedException {
            new CountDownLatch(1).await(2, TimeUnit.SECONDS);
            return word;
        }
    }

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Broker broker;
    private MasterRouter router;
    private Context honest;
    private HostileChild hostile;
    private Context target;

    /** Returns how the child begins. */
    abstract HostileChild.Dialect dialect();

    final HostileChild hostile() {
        return hostile;
    }

    final MasterRouter router() {
        return router;
    }

    final Context target() {
        return target;
    }

    final Context honest() {
        return honest;
    }

    @BeforeEach
    void start() throws IOException {
        MITOGEN.addHandler(recorder);
        MITOGEN.setUseParentHandlers(false);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        honest = router.local();
        hostile = new HostileChild(router, dialect());
        target = hostile.boot();
    }

    @AfterEach
    void stop() throws IOException {
        hostile.close();
        router.close();
        broker.close();
        MITOGEN.removeHandler(recorder);
        MITOGEN.setUseParentHandlers(true);
    }

    /** Waits until everything that was sent before has been handled: the master answers in order. */
    final void awaitHandled() throws IOException {
        hostile.awaitHandled(0);
    }

    final void assertHonestIsUnharmed() {
        assertEquals("well", honest.call(Honest::say, "well"));
    }

    final boolean logged(String part) {
        return records.stream().anyMatch(record -> record.getMessage().contains(part));
    }

    @Test
    void shouldAnswerForAChildThatBehaves() throws Exception {
        CompletableFuture<Object> answer = target.callAsync("any.Thing", "do");
        HostileChild.Received call = hostile.read();
        assertEquals(Handles.CALL_FUNCTION, call.handle());
        for (byte b : HostileChild.frame(
                0, hostile.id(), hostile.id(), call.replyTo(), 0, new byte[] {(byte) 0x80, 2, 'K', 7, '.'})) {
            hostile.write(new byte[] {b}); // one at a time
        }
        assertEquals(7, answer.get(20, TimeUnit.SECONDS));
    }

    @Test
    void shouldDropWhatClaimsToComeFromElsewhere() throws Exception {
        byte[] record = "evil\00040\000forged".getBytes(StandardCharsets.UTF_8);
        int[][] forged = {
            {0, 0},
            {0, hostile.id()},
            {hostile.id(), 0},
            {honest.id(), honest.id()},
            {honest.id(), hostile.id()},
            {hostile.id(), honest.id()},
            {4711, 4711},
            {4711, hostile.id()},
            {-1, -1}
        };
        for (int[] ids : forged) {
            hostile.write(HostileChild.frame(0, ids[0], ids[1], Handles.FORWARD_LOG, 0, record));
        }
        awaitHandled();
        assertFalse(logged("forged"), "a forged record was logged");
        assertTrue(logged("claims to come from elsewhere"), "the forgery was not reported");
        hostile.send(0, Handles.FORWARD_LOG, 0, "kind\00040\000own".getBytes(StandardCharsets.UTF_8));
        Eventually.until(Duration.ofSeconds(20), "its own record is logged", () -> logged("own"));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldNotLetItAnswerForASibling() throws Exception {
        CompletableFuture<String> call = honest.callAsync(Honest::sayLater, "late");
        for (int handle = Handles.FIRST_DYNAMIC; handle < Handles.FIRST_DYNAMIC + 50; handle++) {
            hostile.send(0, handle, 0, new byte[] {(byte) 0x80, 2, 'K', 7, '.'});
            hostile.send(0, handle, Handles.DEAD, "gone".getBytes(StandardCharsets.UTF_8));
        }
        awaitHandled();
        try {
            assertEquals("late", call.get(20, TimeUnit.SECONDS));
        } finally {
            assertHonestIsUnharmed();
        }
    }

    @Test
    void shouldRefuseItsOrdersToMasterAndSiblings() throws Exception {
        byte[] body = new byte[] {(byte) 0x80, 2, 'N', '.'};
        hostile.send(0, Handles.CALL_FUNCTION, 9001, body);
        assertEquals("invalid handle", hostile.read().text());
        hostile.send(honest.id(), Handles.CALL_FUNCTION, 9002, body);
        assertEquals("refused by policy", hostile.read().text());
        hostile.send(honest.id(), Handles.SHUTDOWN, 9003, new byte[0]);
        assertEquals("refused by policy", hostile.read().text());
        hostile.send(honest.id(), Handles.LOAD_MODULE, 9004, body);
        assertEquals("refused by policy", hostile.read().text());
        hostile.send(honest.id(), Handles.DEL_ROUTE, 9005, "0".getBytes(StandardCharsets.UTF_8));
        assertEquals("refused by policy", hostile.read().text());
        hostile.send(4711, 5000, 9006, body);
        assertEquals("no route to 4711, my ID is 0", hostile.read().text());
        assertHonestIsUnharmed();
    }

    @Test
    void shouldRefuseRoutesThatDoNotLeadThere() throws Exception {
        for (String route : List.of("0", "" + honest.id(), "999", "4711:x", "-1", "x", "", "99999999999999999999")) {
            hostile.send(0, Handles.ADD_ROUTE, 0, route.getBytes(StandardCharsets.UTF_8));
            hostile.send(0, Handles.DEL_ROUTE, 0, route.getBytes(StandardCharsets.UTF_8));
        }
        awaitHandled();
        int[] ids = router.router().routedIds();
        assertArrayEquals(new int[] {honest.id(), hostile.id()}, ids, java.util.Arrays.toString(ids));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldEndTheLinkAtAFrameThatIsTooLarge() throws Exception {
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        byte[] header = HostileChild.frame(0, hostile.id(), hostile.id(), 1000, 0, new byte[0]);
        header[22] = 0x7f;
        hostile.write(header);
        hostile.awaitHangUp();
        assertGone(pending, "maximum message size");
    }

    @Test
    void shouldEndTheLinkAtGarbage() throws Exception {
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        hostile.write(garbage);
        assertGone(pending, "not a Mitogen frame");
    }

    @Test
    void shouldFailItsCallersWhenItHangsUpInsideAFrame() throws Exception {
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        byte[] frame = HostileChild.frame(0, hostile.id(), hostile.id(), 1000, 0, new byte[500]);
        hostile.write(java.util.Arrays.copyOf(frame, 100));
        hostile.close();
        assertGone(pending, "the respondent Context has disconnected");
    }

    private void assertGone(CompletableFuture<Object> pending, String reason) {
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> pending.orTimeout(20, TimeUnit.SECONDS)
                        .join());
        ContextGoneException gone = assertInstanceOf(ContextGoneException.class, thrown.getCause());
        assertTrue(gone.getMessage().contains(reason), gone.getMessage());
        assertThrows(ChannelException.class, () -> target.call(Honest::say, "again"));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldGiveTheCallerANamedErrorForAReplyThatIsNoPickle() throws Exception {
        assertReplyFails(PickleException.class, new byte[0]);
        assertReplyFails(PickleException.class, new byte[] {1, 2, 3});
        assertReplyFails(NoJavaTypeException.class, "c__builtin__\neval\n.".getBytes(StandardCharsets.UTF_8));
        assertHonestIsUnharmed();
    }

    private void assertReplyFails(Class<? extends MitogenException> expected, byte[] body) throws Exception {
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        hostile.send(0, hostile.read().replyTo(), 0, body);
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> pending.orTimeout(20, TimeUnit.SECONDS)
                        .join());
        assertInstanceOf(expected, thrown.getCause());
    }

    @Test
    void shouldAnswerEveryRequestForAClassHoweverOdd() throws Exception {
        for (String path : List.of(
                "",
                "../../etc/passwd",
                "/etc/passwd",
                "file:/etc/passwd",
                "java/lang/String.class",
                "\0",
                "x".repeat(70_000))) {
            hostile.send(0, Handles.GET_MODULE, 0, path.getBytes(StandardCharsets.UTF_8));
            HostileChild.Received answer = hostile.read();
            assertEquals(Handles.LOAD_MODULE, answer.handle());
            assertFalse(answer.text().contains("root:"), path);
        }
        assertHonestIsUnharmed();
    }

    @Test
    void shouldRunOutOfIdsAloneWhenItTakesAllItCan() throws Exception {
        for (int i = 0; i < 1_001; i++) {
            hostile.send(0, Handles.ALLOCATE_ID, 5000 + i, new byte[0]);
        }
        HostileChild.Received last = hostile.read();
        for (int i = 0; i < 1_000; i++) {
            last = hostile.read();
        }
        assertEquals(Handles.DEAD, last.replyTo(), last.text());
        try (HostileChild other = new HostileChild(router, dialect())) {
            assertTrue(other.boot().id() > 0);
        }
        assertHonestIsUnharmed();
    }

    // == In the dialects of newer versions ==

    @Test
    void shouldTakeTheLabelsOfNewerVersionsAndNoOthers() throws Exception {
        for (int label : new int[] {0x4d49, 0x4d4a, 0x4d4b}) {
            CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
            byte[] seven = {(byte) 0x80, 2, 'K', 7, '.'};
            int handle = hostile.read().replyTo();
            byte[] frame = HostileChild.frame(0, hostile.id(), hostile.id(), handle, 0, seven);
            hostile.write(HostileChild.labelled(label, frame));
            assertEquals(7, pending.get(20, TimeUnit.SECONDS));
        }
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        byte[] frame = HostileChild.frame(0, hostile.id(), hostile.id(), 1000, 0, new byte[0]);
        hostile.write(HostileChild.labelled(0x4d4c, frame));
        assertGone(pending, "not a Mitogen frame");
    }

    @Test
    void shouldEndTheLinkWhenTheHandshakeBeginsAgain() throws Exception {
        CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
        hostile.say("MITO000\nMITO001\nMITO002\nMITO000\nMITO002\n");
        assertGone(pending, "maximum message size"); // MI is how a frame begins
    }

    // == What only parents, or nobody, may say ==

    @Test
    void shouldTellThatAMasterTakesNoneOfWhatParentsSay() throws Exception {
        int[] handles = {
            Handles.SHUTDOWN,
            Handles.LOAD_MODULE,
            Handles.FORWARD_MODULE,
            Handles.CALL_SERVICE,
            111,
            Handles.LOAD_RESOURCE
        };
        for (int handle : handles) {
            hostile.send(0, handle, 0, new byte[] {1, 2, 3});
            hostile.send(0, handle, 9001, new byte[] {1, 2, 3});
            HostileChild.Received answer = hostile.read();
            assertEquals("invalid handle", answer.text(), Handles.name(handle));
            assertEquals(9001, answer.handle());
        }
        assertHonestIsUnharmed();
    }

    @Test
    void shouldLogWhatIsNoLogRecord() throws Exception {
        for (String record : List.of(
                "",
                "x",
                "no end\00040",
                "x\000\000y",
                "x\000forty\000y",
                "x\00099999999999\000y",
                "x\000-99999999999\000y",
                "\uffff")) {
            hostile.send(0, Handles.FORWARD_LOG, 0, record.getBytes(StandardCharsets.UTF_8));
        }
        hostile.send(0, Handles.FORWARD_LOG, 0, new byte[] {(byte) 0xff, 0, (byte) 0xfe, 0, (byte) 0xfd});
        awaitHandled();
        assertEquals(
                9,
                records.stream()
                        .filter(record -> record.getMessage().startsWith("not a log record"))
                        .count());
        for (String level : List.of("2147483647", "-2147483648", "0")) {
            hostile.send(
                    0,
                    Handles.FORWARD_LOG,
                    0,
                    ("x\000" + level + "\000level " + level).getBytes(StandardCharsets.UTF_8));
        }
        hostile.send(0, Handles.FORWARD_LOG, 0, ("x\00040\000" + "y".repeat(1 << 20)).getBytes(StandardCharsets.UTF_8));
        Eventually.until(Duration.ofSeconds(20), "the largest level", () -> logged("level 2147483647"));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldAnswerADetachingOnce() throws Exception {
        hostile.send(0, Handles.DETACHING, Handles.DEAD, new byte[0]);
        for (int i = 0; i < 100; i++) {
            hostile.send(0, Handles.DETACHING, 9001 + i, new byte[0]);
        }
        HostileChild.Received answer = hostile.read();
        assertEquals(9001, answer.handle());
        awaitHandled();
        assertTrue(logged("detaches again"));
        int below = hostile.askForIds();
        hostile.send(0, Handles.ADD_ROUTE, 0, (below + ":child").getBytes(StandardCharsets.UTF_8));
        hostile.write(HostileChild.frame(0, below, below, Handles.DETACHING, 8001, new byte[0]));
        assertEquals("refused by policy", hostile.read().text());
        assertHonestIsUnharmed();
    }

    // == Log lines and text ==

    /** Sends {@code frame} until the master closes the link. */
    private static void flood(HostileChild child, byte[] frame) {
        ByteBuffer thousand = ByteBuffer.allocate(1000 * frame.length);
        while (thousand.hasRemaining()) {
            thousand.put(frame);
        }
        assertThrows(IOException.class, () -> {
            while (true) {
                child.write(thousand.array());
            }
        });
    }

    @Test
    @Timeout(120)
    void shouldLogAFewLinesOfManyViolationsAndCloseTheLink() throws Exception {
        for (String rule : List.of("forged frames", "malformed routes", "refused routes", "malformed log records")) {
            try (HostileChild child = new HostileChild(router, dialect())) {
                Context context = child.boot();
                records.clear();
                byte[] frame =
                        switch (rule) {
                            case "forged frames" ->
                                HostileChild.frame(
                                        0, honest.id(), 0, Handles.FORWARD_LOG, 0, "a\00040\000b".getBytes(UTF_8));
                            case "malformed routes" ->
                                HostileChild.frame(
                                        0, child.id(), child.id(), Handles.ADD_ROUTE, 0, "x".getBytes(UTF_8));
                            case "refused routes" ->
                                HostileChild.frame(
                                        0,
                                        child.id(),
                                        child.id(),
                                        Handles.DEL_ROUTE,
                                        0,
                                        ("" + honest.id()).getBytes(UTF_8));
                            default ->
                                HostileChild.frame(
                                        0, child.id(), child.id(), Handles.FORWARD_LOG, 0, "x".getBytes(UTF_8));
                        };
                CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(child, frame));
                assertHonestIsUnharmed();
                String reason = context.gone().get(60, TimeUnit.SECONDS);
                assertEquals("it broke the rules " + PeerLog.MAX_VIOLATIONS + " times, at last with " + rule, reason);
                flood.get(60, TimeUnit.SECONDS);
                assertTrue(logged(" more " + rule + " of the link to context " + child.id()), rule);
                assertTrue(records.size() <= 3 * (PeerLog.MAX_LINES + 2), records.size() + " records, " + rule);
            }
        }
        assertHonestIsUnharmed();
        assertFalse(target.gone().isDone());
    }

    /** Characters on which a terminal acts, and a line that looks like another record. */
    private static final String ACTIVE = "\u001b[2J\u009b31m\r\u0007\b\u202e\u2028\ufeff\nNov 30, 2026 SEVERE: forged";

    private static final Pattern ACTS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n\\t]]|\nNov");

    private static void assertSafe(String text) {
        Matcher found = ACTS.matcher(text);
        assertFalse(found.find(), () -> Printable.line(text) + ": " + Printable.line(found.group()));
        assertTrue(text.contains("forg"), text); // texts of keys are cut
    }

    @Test
    void shouldShowItsAnswersWithoutActiveCharacters() throws Exception {
        Tuple error = Tuple.of("java.lang.Error: " + ACTIVE + "\n\tat a.B.c(" + ACTIVE + ")\nSEVERE: forged");
        CallException failed = assertInstanceOf(CallException.class, answered(false, callError(error)));
        assertSafe(failed.getMessage());
        assertSafe(Log.stackOf(failed));
        assertTrue(failed.remoteMessage().startsWith("\u001b[2J"), "the message as it came");
        assertSafe(Log.stackOf(answered(true, ("the respondent Context has disconnected: " + ACTIVE).getBytes(UTF_8))));
        assertSafe(Log.stackOf(answered(true, ACTIVE.getBytes(UTF_8))));
        assertSafe(Log.stackOf(answered(false, ("c__builtin__\nforged\u001b[2J\n.").getBytes(UTF_8))));
        byte[] map = PickleWriter.toBytes(Map.of(ACTIVE, "no number"));
        assertSafe(Log.stackOf(answered(false, map, target.callAsync(Honest::numbers))));
        assertHonestIsUnharmed();
    }

    private Throwable answered(boolean isDead, byte[] body) throws Exception {
        return answered(isDead, body, target.callAsync("any.Thing", "do"));
    }

    private Throwable answered(boolean isDead, byte[] body, CompletableFuture<?> pending) throws Exception {
        hostile.send(0, hostile.read().replyTo(), isDead ? Handles.DEAD : 0, body);
        return assertThrows(CompletionException.class, () -> pending.orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .getCause();
    }

    private static byte[] callError(Tuple arguments) {
        return PickleWriter.toBytes(new Reducible() {
            @Override
            public String globalModule() {
                return "mitogen.core";
            }

            @Override
            public String globalName() {
                return "_unpickle_call_error";
            }

            @Override
            public Tuple arguments() {
                return arguments;
            }
        });
    }

    @Test
    void shouldLogItsTextInRecordsThatPassForNoOthers() throws Exception {
        hostile.send(0, Handles.FORWARD_LOG, 0, (ACTIVE + "\00040\000" + ACTIVE + " {0}").getBytes(UTF_8));
        int below = hostile.askForIds();
        hostile.send(0, Handles.ADD_ROUTE, 0, (below + ":" + ACTIVE).getBytes(UTF_8));
        hostile.write(
                HostileChild.frame(0, below, below, Handles.FORWARD_LOG, 0, "a\00040\000b forged".getBytes(UTF_8)));
        Eventually.until(Duration.ofSeconds(20), "both records", () -> logged("{0}") && logged("b forged"));
        for (LogRecord record : records) {
            String shown = new SimpleFormatter().format(record);
            assertFalse(ACTS.matcher(shown).find(), () -> Printable.line(shown));
            assertTrue(shown.split("\n(?=\\S)").length <= 2, shown); // the head, and the first line of the text
        }
    }

    // == Pickles ==

    @Test
    void shouldMakeNothingOfAForbiddenPickle(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("trace");
        for (byte[] body : Attacks.pickles(trace)) {
            CompletableFuture<Object> pending = target.callAsync("any.Thing", "do");
            hostile.send(0, hostile.read().replyTo(), 0, body);
            CompletionException thrown = assertThrows(
                    CompletionException.class,
                    () -> pending.orTimeout(20, TimeUnit.SECONDS).join(),
                    () -> Attacks.describe(body));
            assertInstanceOf(MitogenException.class, thrown.getCause(), () -> Attacks.describe(body));
        }
        assertFalse(Files.exists(trace));
        assertHonestIsUnharmed();
    }

    @Test
    void shouldReadWhatIsNestedHoweverDeepOrRefuseIt() throws Exception {
        for (byte[] body : Attacks.deepPickles()) {
            for (Class<?> wanted : List.of(Object.class, List.class, double[].class)) {
                CompletableFuture<?> pending =
                        target.callAsync(PythonFunction.of("any", "thing").returning(wanted));
                hostile.send(0, hostile.read().replyTo(), 0, body);
                try {
                    assertNotNull(pending.orTimeout(20, TimeUnit.SECONDS).join());
                } catch (CompletionException e) {
                    assertInstanceOf(MitogenException.class, e.getCause(), () -> Attacks.describe(body));
                }
            }
        }
        assertHonestIsUnharmed();
    }
}
