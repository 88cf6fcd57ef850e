// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.pickle.Structure;
import io.mitogen.core.testing.PythonValues;
import io.mitogen.core.testing.PythonValues.Pair;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values to and from a Python context, compared by both ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class PythonValuesIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final PythonFunction<Object> EVAL = PythonFunction.of("builtins", "eval");

    private LeakCheck processes;
    private Broker broker;
    private Context python;
    private MasterRouter router;

    @BeforeAll
    void start() {
        processes = ProcessLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        python = router.connect(Local.create().python());
    }

    @AfterAll
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
    }

    static List<Pair> bothWays() {
        return PythonValues.bothWays();
    }

    static List<Pair> sent() {
        return Stream.concat(PythonValues.bothWays().stream(), PythonValues.toPython().stream())
                .toList();
    }

    static List<Pair> received() {
        return Stream.concat(PythonValues.bothWays().stream(), PythonValues.fromPython().stream())
                .toList();
    }

    /** Returns what {@code expression} is in Python when {@code names} have these values. */
    private <T> T eval(Class<T> type, String expression, Map<String, Object> names) {
        return python.call(EVAL.returning(type), expression, names);
    }

    private static Map<String, Object> value(Object value) {
        Map<String, Object> names = new HashMap<>();
        names.put("value", value);
        return names;
    }

    private static void assertSame(Pair pair, Object value) {
        assertTrue(Structure.isEqual(pair.value(), value), () -> pair + " is " + value);
        assertEquals(typeOf(pair.value()), typeOf(value), pair::toString);
    }

    private static Object typeOf(Object value) {
        boolean isContainer = value == null || value instanceof List || value instanceof Map;
        return isContainer ? null : value.getClass();
    }

    @ParameterizedTest
    @MethodSource("sent")
    void shouldSendWhatPythonPrintsTheSame(Pair pair) {
        String comparison =
                "(lambda a, b: type(a) is type(b) and repr(a) == repr(b))(value, " + pair.expression() + ")";
        boolean isSame = eval(Boolean.class, comparison, value(pair.value()));
        assertTrue(isSame, () -> pair + " is " + eval(String.class, "repr(value)[:500]", value(pair.value())));
    }

    @ParameterizedTest
    @MethodSource("received")
    void shouldReceiveWhatPythonMade(Pair pair) {
        assertSame(pair, python.call(EVAL, pair.expression()));
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void shouldGetBackWhatItSent(Pair pair) {
        assertSame(pair, eval(Object.class, "value", value(pair.value())));
    }

    @Test
    void shouldKeepThingsThatAreSharedShared() {
        List<Object> shared = List.of(1);
        assertEquals(
                true, eval(Object.class, "value[0] is value[1]['x']", value(List.of(shared, Map.of("x", shared)))));
        List<?> back = (List<?>) python.call(EVAL, "(lambda x: [x, {'x': x}])([1])");
        assertTrue(back.get(0) == ((Map<?, ?>) back.get(1)).get("x"), back::toString);
    }

    @Test
    void shouldCarryMitogensOwnTypes() {
        Blob blob = Blob.of(new byte[] {0, (byte) 0xff});
        assertEquals("Blob b'\\x00\\xff'", describe("bytes(value)", blob));
        assertEquals(blob, eval(Object.class, "value", value(blob)));

        Secret secret = Secret.of("p\u00e4ss");
        assertEquals("Secret 'p\u00e4ss'", describe("str(value)", secret));
        assertEquals("p\u00e4ss", eval(Secret.class, "value", value(secret)).reveal());

        Kwargs kwargs = Kwargs.copyOf(Map.of("a", 1));
        assertEquals("Kwargs {'a': 1}", describe("dict(value)", kwargs));
        assertEquals(kwargs, eval(Object.class, "value", value(kwargs)));

        assertEquals(
                "Context (" + python.id() + ", '" + python.name() + "')",
                describe("(value.context_id, value.name)", python));
        assertEquals(python, eval(Context.class, "value", value(python)));
    }

    private String describe(String expression, Object value) {
        return eval(String.class, "type(value).__name__ + ' ' + repr(" + expression + ")", value(value));
    }
}
