// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallChain;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.ConversionException;
import io.mitogen.core.call.NoJavaTypeException;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of functions in a real Python context. */
@Timeout(60)
final class PythonCallIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final PythonFunction<Object> EVAL = PythonFunction.of("builtins", "eval");

    private LeakCheck processes;
    private Broker broker;
    private MasterRouter router;
    private Context python;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        python = router.connect(Local.create().python().name("snake"));
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
    }

    @Test
    void shouldCallFunctionsAndMethodsOfClassesWithKeywords() {
        int sum = python.call(PythonFunction.of("operator", "add").returning(Integer.class), 1, 2);
        assertEquals(3, sum);
        assertEquals("a/b/c", python.call(PythonFunction.of("os.path", "join"), "a", "b", "c"));
        assertEquals(
                Map.of("x", 0, "y", 0),
                python.call(PythonFunction.of("builtins", "dict", "fromkeys"), List.of("x", "y"), 0));
        assertEquals(
                -2,
                python.call(
                        PythonFunction.of("builtins", "int", "from_bytes")
                                .with("byteorder", "big")
                                .with("signed", true),
                        (Object) new byte[] {(byte) 0xff, (byte) 0xfe}));
        double[] sorted = python.call(
                PythonFunction.of("builtins", "sorted").with("reverse", true).returning(double[].class),
                List.of(1, 3.5, 2));
        assertArrayEquals(new double[] {3.5, 2, 1}, sorted);
    }

    @Test
    void shouldRunCallsInOrderWithoutWaitingForThem(@TempDir Path folder) throws Exception {
        CompletableFuture<Object> first = python.callAsync(EVAL, "1 + 1");
        python.callNoReply(PythonFunction.of("os", "makedirs").with("mode", 0700), folder + "/made/here");
        CompletableFuture<Boolean> last =
                python.callAsync(PythonFunction.of("os.path", "isdir").returning(Boolean.class), folder + "/made/here");
        assertTrue(last.get());
        assertEquals(2, first.get());
        assertTrue(Files.isDirectory(folder.resolve("made/here")));
    }

    @Test
    void shouldFailAWholeChainWithItsFirstError() {
        try (CallChain chain = python.chain()) {
            chain.callNoReply(EVAL, "{}['k']");
            CompletableFuture<Object> behind = chain.callAsync(EVAL, "1");
            Throwable cause =
                    assertThrows(CompletionException.class, behind::join).getCause();
            assertEquals(
                    "builtins.KeyError",
                    assertInstanceOf(CallException.class, cause).remoteType());
            chain.reset();
            assertEquals(1, chain.call(EVAL, "1"));
        }
    }

    @Test
    void shouldThrowWhatPythonRaises() {
        CallException failed = assertThrows(CallException.class, () -> python.call(EVAL, "{}['k']"));
        assertEquals("builtins.KeyError", failed.remoteType());
        assertEquals("'k'", failed.remoteMessage());
        assertTrue(failed.remoteStack().startsWith("  File \""), failed.remoteStack());
        assertTrue(failed.remoteStack().endsWith("\n  File \"<string>\", line 1, in <module>"), failed.remoteStack());
        assertTrue(
                failed.getMessage()
                        .matches("call of builtins\\.eval in snake \\(context \\d+\\) failed: builtins.KeyError: 'k'"),
                failed.getMessage());
        assertTrue(
                failed.toString().endsWith(failed.remoteStack().replace("\n", "\n    ") + "\n  called by"),
                failed.toString());
    }

    @Test
    void shouldThrowWithMessagesOfAnyShapeAndLength() {
        String lookalike = "one: two\n  File \"a.py\", line 3, in nothing\n\tat a.B.c(B.java:1)";
        assertEquals(lookalike, raise(lookalike).remoteMessage());
        assertEquals("", raise("").remoteMessage());
        assertEquals("x".repeat(20_000), raise("x".repeat(20_000)).remoteMessage());
        CallException syntax = assertThrows(CallException.class, () -> python.call(EVAL, "1 +"));
        assertEquals("builtins.SyntaxError", syntax.remoteType());
        assertTrue(syntax.remoteMessage().endsWith("(<string>, line 1)"), syntax.remoteMessage());
    }

    private CallException raise(String message) {
        CallException failed = assertThrows(
                CallException.class,
                () -> python.call(EVAL, "(_ for _ in ()).throw(ValueError(text))", Map.of("text", message)));
        assertEquals("builtins.ValueError", failed.remoteType());
        return failed;
    }

    @Test
    void shouldTellThatAModuleOrFunctionIsNotThere() {
        CallException module =
                assertThrows(CallException.class, () -> python.call(PythonFunction.of("no_such_module", "f")));
        assertTrue(module.remoteType().matches("builtins\\.(ModuleNotFound|Import)Error"), module.remoteType());
        assertTrue(module.remoteMessage().contains("no_such_module"), module.remoteMessage());
        assertTrue(module.getMessage().contains("on the search path of its PythonOptions"), module.getMessage());
        CallException function =
                assertThrows(CallException.class, () -> python.call(PythonFunction.of("os", "nothing")));
        assertEquals("builtins.AttributeError", function.remoteType());
        assertTrue(function.remoteMessage().contains("'nothing'"), function.remoteMessage());
        CallException arguments = assertThrows(
                CallException.class,
                () -> python.call(PythonFunction.of("os", "getpid").with("x", 1)));
        assertEquals("builtins.TypeError", arguments.remoteType());
    }

    @Test
    void shouldTellThatItRunsNoJavaMethods() {
        CallException refused = assertThrows(CallException.class, () -> python.call(PythonCallIT::answer));
        assertTrue(
                refused.getMessage().contains("a Python context, which runs a PythonFunction"), refused.getMessage());
        Context jvm = router.local();
        CallException reverse = assertThrows(CallException.class, () -> jvm.call(PythonFunction.of("os", "getpid")));
        assertTrue(reverse.getMessage().contains("class os was not found"), reverse.getMessage());
    }

    static int answer() {
        return 42;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set|{1}",
                "set|[0, {'a': (1, {2})}]",
                "frozenset|frozenset([1])",
                "complex|1j",
                "range|range(3)",
                "KeyError|KeyError('k')",
                "decimal.Decimal|__import__('decimal').Decimal('1.5')",
                "datetime.datetime|__import__('datetime').datetime(2020, 1, 1)",
                "collections.OrderedDict|__import__('collections').OrderedDict(a=1)",
                "os.stat_result|__import__('os').stat('/')",
                "posix.system|__import__('os').system"
            })
    void shouldNameTheTypeThatJavaLacksAndStayUsable(String typeAndExpression) {
        String[] parts = typeAndExpression.split("\\|");
        NoJavaTypeException problem = assertThrows(NoJavaTypeException.class, () -> python.call(EVAL, parts[1]));
        assertEquals(parts[0], problem.pythonType());
        assertTrue(
                problem.getMessage().startsWith("call of builtins.eval in snake (context " + python.id() + "): "),
                problem.getMessage());
        assertEquals(2, python.call(EVAL, "1 + 1"));
    }

    @Test
    void shouldTellWhatToDoWhenTheResultCannotBePickledAtAll() {
        ContextGoneException gone =
                assertThrows(ContextGoneException.class, () -> python.call(EVAL, "(i for i in [])"));
        assertTrue(gone.getMessage().contains("the respondent Context has disconnected"), gone.getMessage());
        assertTrue(gone.getMessage().contains("what cannot be pickled, as a generator"), gone.getMessage());
        Eventually.until(SOON, () -> python.gone().isDone());
    }

    @Test
    void shouldNameTheFunctionWhoseResultDoesNotFit() {
        assertEquals(
                "result of builtins.eval: expected java.lang.String, found java.lang.Integer; came of the call of"
                        + " builtins.eval in snake (context 1)",
                assertThrows(ConversionException.class, () -> python.call(EVAL.returning(String.class), "1"))
                        .getMessage());
    }

    @Test
    void shouldRefuseABytearrayAndTakeOne() {
        Bytearray bytes = Bytearray.wrap(new byte[] {'a'});
        assertEquals(
                "args[1].get(\"x\"): io.mitogen.core.pickle.Bytearray may not be sent to a Python context, where Mitogen"
                        + " refuses a bytearray: send a byte[], and let the function make its bytearray of that",
                assertThrows(PickleException.class, () -> python.call(EVAL, "x", Map.of("x", bytes)))
                        .getMessage());
        assertEquals(bytes, python.call(EVAL, "bytearray(x)", Map.of("x", bytes.bytes())));
    }
}
