// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.json.Json;
import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.pickle.PickleReader;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.ScriptedContext;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of Python functions, to a context that says what Python was recorded to say. */
class PythonCallTest {
    private static final PythonFunction<Object> GETPID = PythonFunction.of("os", "getpid");

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private ScriptedContext child;

    @BeforeEach
    void connect() throws IOException {
        child = new ScriptedContext("local.4711", log.sink());
    }

    @AfterEach
    void close() throws IOException {
        child.close();
    }

    /** Returns the pickle of the recorded call that Python prints as {@code printed}, without what it puts in its memo. */
    private static String recorded(String printed) {
        for (Map<String, Object> frame : Json.objects(
                Json.resource("/vectors/frames_mitogen-0.3.52dev.json").get("frames"))) {
            if (printed.equals(frame.get("decoded"))) {
                return withoutPuts((String) frame.get("data_hex"));
            }
        }
        throw new AssertionError("no call " + printed + " was recorded");
    }

    /** Drops the BINPUTs of a short pickle, which are numbered in order. */
    private static String withoutPuts(String hex) {
        String rest = hex;
        for (int i = 0; rest.contains(String.format("71%02x", i)); i++) {
            rest = rest.replaceFirst(String.format("71%02x", i), "");
        }
        return rest;
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, () -> future.orTimeout(25, TimeUnit.SECONDS)
                        .join())
                .getCause();
    }

    /** Lets a call of {@code function} end with a pickle from Python, and returns its future. */
    private <R> CompletableFuture<R> answered(PythonFunction<R> function, String pickle) throws IOException {
        CompletableFuture<R> result = child.context().callAsync(function);
        child.answer(child.hear(), WireBytes.unhex(pickle));
        return result;
    }

    private static byte[] failure(String text) {
        return PickleWriter.toBytes(new CallError(text));
    }

    // == What is sent ==

    @Test
    void shouldSendTheBytesOfPythonButForTheMemo() throws Exception {
        child.context().callAsync(GETPID);
        Message call = child.hear();
        assertEquals(
                recorded("(None, 'os', None, 'getpid', (), mitogen.core.Kwargs({},))"), WireBytes.hex(call.body()));
        assertEquals(
                List.of(1, 0, 0, Handles.CALL_FUNCTION), List.of(call.dst(), call.src(), call.auth(), call.handle()));
        assertTrue(call.wantsReply());

        child.context().callAsync(PythonFunction.of("sessmod", "K", "cm"), 5);
        assertEquals(
                recorded("(None, 'sessmod', 'K', 'cm', (5,), mitogen.core.Kwargs({},))"),
                WireBytes.hex(child.hear().body()));

        child.context()
                .callAsync(PythonFunction.of("sessmod", "kw").with("a", 1).with("b", "x"));
        assertEquals(
                recorded("(None, 'sessmod', None, 'kw', (), mitogen.core.Kwargs({'a': 1, 'b': 'x'},))"),
                WireBytes.hex(child.hear().body()));
    }

    @Test
    void shouldAskForNoReplyWhenNobodyWaits() throws Exception {
        child.context().callNoReply(PythonFunction.of("sessmod", "raise_it"));
        Message call = child.hear();
        assertEquals(
                recorded("(None, 'sessmod', None, 'raise_it', (), mitogen.core.Kwargs({},))"),
                WireBytes.hex(call.body()));
        assertEquals(Handles.NONE, call.replyTo());
    }

    @Test
    void shouldNameItsChainAndLetItBeForgottenAsInPython() throws Exception {
        CallChain chain = child.context().chain();
        chain.callNoReply(GETPID, 1);
        chain.callAsync(PythonFunction.of("m", "f").with("x", 2));
        chain.close();

        Tuple first = tuple(child.hear());
        String id = (String) first.get(0);
        assertEquals(Tuple.of(id, "os", null, "getpid", Tuple.of(1), Kwargs.of()), first);
        assertEquals(Tuple.of(id, "m", null, "f", Tuple.of(), Kwargs.copyOf(Map.of("x", 2))), tuple(child.hear()));
        assertEquals(
                Tuple.of(null, "mitogen.core", "Dispatcher", "forget_chain", Tuple.of(id), Kwargs.of()),
                tuple(child.hear()));
    }

    private Tuple tuple(Message call) {
        return (Tuple)
                PickleReader.fromBytes(call.body(), child.context().contexts().globals());
    }

    @Test
    void shouldRefuseABytearrayAnywhereWithThePathToIt() throws Exception {
        Bytearray bytes = Bytearray.wrap(new byte[2]);
        Context context = child.context();
        String reason =
                ": io.mitogen.core.pickle.Bytearray may not be sent to a Python context, where Mitogen refuses a"
                        + " bytearray: send a byte[], and let the function make its bytearray of that";
        assertEquals("args[1]" + reason, refusal(() -> context.call(GETPID, 1, bytes)));
        assertEquals(
                "args[0].get(\"a\")[1][0]" + reason,
                refusal(() -> context.callAsync(GETPID, Map.of("a", List.of(0, Tuple.of(bytes))))));
        assertEquals(
                "kwargs.get(\"data\").get(7)" + reason,
                refusal(() -> context.callNoReply(GETPID.with("data", Map.of(7, bytes)))));
        try (CallChain chain = context.chain()) {
            assertEquals("args[0]" + reason, refusal(() -> chain.call(GETPID, bytes)));
        }
        child.hear(); // that the chain may be forgotten

        context.callNoReply("com.acme.Facts", "set", bytes);
        assertEquals(Tuple.of(bytes), tuple(child.hear()).get(4), "a JVM takes it, and nothing else was sent");
    }

    private static String refusal(Executable call) {
        return assertThrows(PickleException.class, call).getMessage();
    }

    @Test
    void shouldNameTheKeywordOfWhatMayNotBeSent() {
        assertEquals("kwargs.get(\"when\"): java.time.Instant may not be sent", refusal(() -> child.context()
                .call(GETPID.with("when", Instant.EPOCH))));
    }

    @Test
    void shouldGuessWhyAContextWentOnlyWhereNothingSaysIt() {
        for (String status : List.of("exit status 1", "exit status 143 (killed by signal 15)")) {
            ContextGoneException unexplained = new ContextGoneException(ChannelException.DISCONNECTED + ": " + status);
            assertTrue(GETPID.explain(unexplained).getMessage().contains("SystemExit"), status);
        }
        ContextGoneException killed =
                new ContextGoneException(ChannelException.DISCONNECTED + ": exit status 137 (killed by signal 9)");
        assertSame(killed, GETPID.explain(killed));
    }

    // == What comes back ==

    @Test
    void shouldReturnTheNaturalValueOrTheTypeThatWasNamed() throws Exception {
        assertEquals(0x1978, answered(GETPID, "80024d78192e").join());
        long wide = answered(GETPID.returning(Long.class), "80024d78192e").join();
        assertEquals(0x1978L, wide);
        short small = answered(GETPID.returning(short.class), "80024d78192e").join();
        assertEquals(0x1978, small);
        assertEquals(
                List.of(1L),
                Arrays.asList(answered(GETPID.returning(Long[].class), "80025d71004b01612e")
                        .join()));
        assertNull(answered(GETPID.returning(Void.class), "80024d78192e").join());
        assertNull(answered(GETPID.returning(String.class), "80024e2e").join());
    }

    @Test
    void shouldWaitForTheResultWhenCalledWithoutAFuture() throws Exception {
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(
                () -> child.context().call(GETPID.returning(Integer.class)), task -> new Thread(task).start());
        child.answer(child.hear(), WireBytes.unhex("80024d78192e"));
        assertEquals(0x1978, waiting.orTimeout(25, TimeUnit.SECONDS).join());
    }

    @Test
    void shouldNameTheFunctionWhenItsResultDoesNotFit() throws Exception {
        Throwable problem = causeOf(answered(GETPID.returning(String.class), "80024d78192e"));
        assertEquals(
                "result of os.getpid: expected java.lang.String, found java.lang.Integer; came of the call of os.getpid in"
                        + " local.4711 (context 1)",
                problem.getMessage());
        assertInstanceOf(ConversionException.class, problem);
        assertTrue(causeOf(answered(GETPID.returning(Byte.class), "80024d78192e"))
                .getMessage()
                .startsWith("result of os.getpid: 6520 "));
    }

    @Test
    void shouldTurnBytearraysFromPythonIntoBytearrays() throws Exception {
        String global = "800263" + hex("__builtin__\nbytearray\n") + "7100";
        String text = "5803000000" + hex("a\u00ff");
        String encoding = "5806000000" + hex("latin1");
        Bytearray filled = Bytearray.wrap(new byte[] {'a', (byte) 0xff});

        String python3 = global + "63" + hex("_codecs\nencode\n") + "7101" + text + encoding + "86528552" + "2e";
        assertEquals(filled, answered(GETPID, python3).join());
        assertEquals(
                filled,
                answered(GETPID, global + text + encoding + "8652" + "2e").join(),
                "as Python 2 sends it");
        assertEquals(
                Bytearray.wrap(new byte[0]), answered(GETPID, global + "29522e").join());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pickle_py311_mitogen-0.3.3",
                "pickle_py311_mitogen-0.3.52dev",
                "pickle_py27_mitogen-0.3.3",
                "pickle_py27_mitogen-0.3.52dev"
            })
    void shouldNameThePythonTypeThatHasNoJavaTypeAndStayUsable(String file) throws Exception {
        List<String> types = new ArrayList<>();
        for (Map<String, Object> vector :
                Json.objects(Json.resource("/vectors/" + file + ".json").get("vectors"))) {
            String pickle = (String) vector.get("pickle_hex");
            boolean isRefused = ((String) vector.get("name")).startsWith("x_")
                    && Boolean.FALSE.equals(vector.get("accepted"))
                    && !vector.get("name").equals("x_bytearray");
            if (isRefused) {
                NoJavaTypeException problem =
                        assertInstanceOf(NoJavaTypeException.class, causeOf(answered(GETPID, pickle)), pickle);
                assertTrue(
                        problem.getMessage()
                                .startsWith("call of os.getpid in local.4711 (context 1): the value that came is, or"
                                        + " contains, Python's " + problem.pythonType() + ", which has no Java type:"
                                        + " let the function return "),
                        problem.getMessage());
                types.add(problem.pythonType());
            }
        }
        assertTrue(types.containsAll(List.of("set", "frozenset", "complex", "decimal.Decimal")), types.toString());
        assertEquals(0x1978, answered(GETPID, "80024d78192e").join());
    }

    @Test
    void shouldTellWhatToReturnInstead() throws Exception {
        assertTrue(causeOf(
                        answered(GETPID, "8002635f5f6275696c74696e5f5f0a7365740a71005d71014b0161857102527103" + "2e"))
                .getMessage()
                .endsWith("Python's set, which has no Java type: let the function return a list of its items, as with"
                        + " list(...)"));
        Throwable global = causeOf(answered(GETPID, "800263" + hex("signal\nSIGTERM\n") + "71002e"));
        assertTrue(global.getMessage().contains("contains, Python's signal.SIGTERM, which"), global.getMessage());
        Throwable range = causeOf(answered(GETPID, "800263" + hex("__builtin__\nxrange\n") + "71002e"));
        assertEquals("range", ((NoJavaTypeException) range).pythonType());
        Throwable error = causeOf(answered(GETPID, "800263" + hex("exceptions\nKeyError\n") + "71002e"));
        assertEquals("KeyError", ((NoJavaTypeException) error).pythonType());
    }

    private static String hex(String text) {
        return WireBytes.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldSayOfWhichCallTheAnswerCannotBeRead() throws Exception {
        Throwable problem = causeOf(answered(GETPID, "80025d"));
        assertInstanceOf(PickleException.class, problem);
        assertTrue(
                problem.getMessage().startsWith("call of os.getpid in local.4711 (context 1): what came is no value: "),
                problem.getMessage());
        assertEquals(1, answered(GETPID, "80024b012e").join());
    }

    @Test
    void shouldTellAReceiverOfPythonTypesAndGoOn() throws Exception {
        try (Receiver receiver = child.context().receiver()) {
            Message asked = Message.empty(1, Handles.CALL_FUNCTION, receiver.handle());
            child.answer(asked, WireBytes.unhex("800263" + hex("decimal\nDecimal\n") + "71002e"));
            child.answer(asked, WireBytes.unhex("80024b012e"));
            NoJavaTypeException problem = assertThrows(NoJavaTypeException.class, receiver::get);
            assertEquals("decimal.Decimal", problem.pythonType());
            assertEquals(1, receiver.get());
        }
    }

    @Test
    void shouldThrowWhatPythonRaised() throws Exception {
        CompletableFuture<Object> result = child.context().callAsync(GETPID);
        child.answer(
                child.hear(), failure("builtins.KeyError: 'k'\n  File \"<stdin>\", line 3841, in _dispatch_one\n"));
        CallException failed = assertInstanceOf(CallException.class, causeOf(result));
        assertEquals("builtins.KeyError", failed.remoteType());
        assertEquals("'k'", failed.remoteMessage());
        assertEquals("call of os.getpid in local.4711 (context 1) failed: builtins.KeyError: 'k'", failed.getMessage());
    }

    @Test
    void shouldThrowWhatPythonRaisedAlsoWhenItsTextIsTooLongForPython() throws Exception {
        String message = "x".repeat(12_000);
        String text = "builtins.ValueError: " + message + "\n  File \"<stdin>\", line 3841, in _dispatch_one\n";
        CompletableFuture<Object> result = child.context().callAsync(GETPID);
        child.answer(
                child.hear(),
                WireBytes.unhex("800263" + hex("mitogen.core\n_unpickle_call_error\n") + "58"
                        + WireBytes.hex(new byte[] {(byte) text.length(), (byte) (text.length() >> 8), 0, 0})
                        + hex(text) + "85522e"));
        CallException failed = assertInstanceOf(CallException.class, causeOf(result));
        assertEquals("builtins.ValueError", failed.remoteType());
        assertEquals(message, failed.remoteMessage());
        assertEquals("  File \"<stdin>\", line 3841, in _dispatch_one", failed.remoteStack());
    }

    @Test
    void shouldTellThatAPythonContextRunsNoJavaMethods() throws Exception {
        byte[] answer =
                failure("builtins.ModuleNotFoundError: No module named 'io'\n  File \"<stdin>\", line 1, in f\n");
        CompletableFuture<String> java = child.context().callAsync(Sample::hello);
        child.answer(child.hear(), answer);
        assertEquals(
                "call of io.mitogen.core.call.Sample.hello()Ljava/lang/String; in local.4711 (context 1), a Python context,"
                        + " which runs a PythonFunction and no Java method, failed: builtins.ModuleNotFoundError: No"
                        + " module named 'io'",
                causeOf(java).getMessage());

        CompletableFuture<Object> python = child.context().callAsync(PythonFunction.of("io.mitogen", "f"));
        child.answer(child.hear(), answer);
        assertEquals(
                "call of io.mitogen.f in local.4711 (context 1) failed: builtins.ModuleNotFoundError: No module named 'io'",
                causeOf(python).getMessage());
    }

    @Test
    void shouldTellWhatMayHaveEndedAPythonContextDuringACall() throws Exception {
        CompletableFuture<Object> python = child.context().callAsync(GETPID);
        CompletableFuture<Object> java = child.context().callAsync("com.acme.Facts", "uptime");
        child.hear();
        child.hear();
        child.hangUp();
        String hint = "logs why: \"ExternalContext.main() crashed\")";
        Throwable problem = causeOf(python);
        assertInstanceOf(ContextGoneException.class, problem);
        assertTrue(problem.getMessage().contains("os.getpid in local.4711 (context 1): the respondent Context has"));
        assertTrue(problem.getMessage().endsWith(hint), problem.getMessage());
        assertTrue(causeOf(java).getMessage().contains("the respondent Context has disconnected"));
        assertFalse(causeOf(java).getMessage().contains(hint));

        ContextGoneException later =
                assertThrows(ContextGoneException.class, () -> child.context().call(GETPID));
        assertFalse(later.getMessage().contains(hint), later.getMessage());
    }
}
