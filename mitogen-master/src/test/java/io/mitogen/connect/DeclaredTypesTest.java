// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.BadTargetException;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Remote;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What declared types decide before a call, and what is lost where nothing declares them. */
class DeclaredTypesTest {
    private final Broker broker = Mitogen.startBroker();
    private final MasterRouter router = new MasterRouter(broker);
    private Context context;

    /** Runs in the context. */
    static final class Guest {
        private static int ran;

        private Guest() {}

        record Point(int x) {}

        enum Colour {
            RED
        }

        static class Host {}

        static int ran() {
            return ran;
        }

        static Point record() {
            return new Point(++ran);
        }

        static Colour constant() {
            ran++;
            return Colour.RED;
        }

        static Host object() {
            ran++;
            return new Host();
        }

        static List<Point> records() {
            return List.of(record());
        }

        static Map<String, List<? extends Point>> mapped() {
            return Map.of("a", records());
        }

        static Point[] array() {
            return new Point[] {record()};
        }

        static List<Point>[] genericArray() {
            throw new AssertionError("ran");
        }

        static Set<String> set() {
            ran++;
            return Set.of();
        }

        static Optional<String> optional() {
            ran++;
            return Optional.empty();
        }

        static Object anything() {
            return 1;
        }

        static Iterable<? super String> items() {
            return List.of("a");
        }

        static List<?> unknown() {
            return List.of(1);
        }

        static <T extends Comparable<T>> List<T> ofVariable() {
            return new ArrayList<>();
        }

        static Void nothing() {
            return null;
        }

        static Deque<String> deque() {
            return new LinkedList<>(List.of("a"));
        }

        static LinkedList<Integer> linked() {
            return new LinkedList<>(List.of(1));
        }

        static List<Float> floats() {
            return List.of(1.5f);
        }

        static Map<Short, Byte> shorts() {
            return Map.of((short) 1, (byte) 2);
        }

        static float first(List<Float> floats) {
            return floats.get(0);
        }
    }

    @BeforeEach
    void connect() {
        context = router.connect(InProcess.create());
    }

    @AfterEach
    void close() throws Exception {
        router.close();
        broker.close();
    }

    private void assertRefusedBeforeItRuns(String reason, Executable call) {
        String message = assertThrows(BadTargetException.class, call).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("for its result"), message);
        assertEquals(0, context.call(Guest::ran));
    }

    @Test
    void shouldRefuseAResultThatMayNotTravelBeforeTheFunctionRuns() {
        assertRefusedBeforeItRuns("Point", () -> context.call(Guest::record));
        assertRefusedBeforeItRuns("Point", () -> context.callAsync(Guest::record));
        assertRefusedBeforeItRuns("Point", () -> context.call(() -> Guest.record()));
        assertRefusedBeforeItRuns("Colour", () -> context.call(Guest::constant));
        assertRefusedBeforeItRuns("Host", () -> context.call(Guest::object));
        assertRefusedBeforeItRuns("a java.util.List<", () -> context.call(Guest::records));
        assertRefusedBeforeItRuns("Point", () -> context.call(Guest::mapped));
        assertRefusedBeforeItRuns("Point", () -> context.call(Guest::array));
        assertRefusedBeforeItRuns("Point", () -> context.call(Guest::genericArray));
        assertRefusedBeforeItRuns("java.util.Set", () -> context.call(Guest::set));
        assertRefusedBeforeItRuns("Optional", () -> context.call(Guest::optional));
        assertRefusedBeforeItRuns("Point", () -> context.call((Remote.Proc0) Guest::record));
    }

    @ParameterizedTest
    @ValueSource(strings = {"record", "constant", "object", "records", "mapped", "array", "genericArray", "optional"})
    void shouldRefuseItInTheContextWhenItIsCalledByName(String name) {
        CallException refusal = assertThrows(CallException.class, () -> context.call(Guest.class.getName(), name));
        assertEquals(BadTargetException.class.getName(), refusal.remoteType());
        assertTrue(refusal.remoteMessage().contains("for its result: it returns a "), refusal.remoteMessage());
        assertEquals(0, context.call(Guest::ran));
    }

    @Test
    void shouldRefuseItInTheContextWhenItIsCalledByNameAndDescriptor() {
        String descriptor = "record()L" + Guest.Point.class.getName().replace('.', '/') + ";";
        CallException refusal =
                assertThrows(CallException.class, () -> context.call(Guest.class.getName(), descriptor));
        assertTrue(refusal.remoteMessage().contains("for its result"), refusal.remoteMessage());
        assertEquals(0, context.call(Guest::ran));
    }

    @Test
    void shouldRunWhatReturnsAnythingWhenNobodyWantsIt() {
        context.callNoReply(Guest::record);
        context.callNoReply(Guest.class.getName(), "record");

        assertEquals(2, context.call(Guest::ran));
    }

    @Test
    void shouldNotRefuseTypesThatMayHoldWhatTravels() {
        assertEquals(1, context.call(Guest::anything));
        assertEquals(List.of("a"), context.call(Guest::items));
        assertEquals(List.of(1), context.call(Guest::unknown));
        assertEquals(List.of(), context.call((Remote.Fn0<List<String>>) Guest::ofVariable));
        assertEquals(null, context.call(Guest::nothing));
        String guest = Guest.class.getName();
        assertEquals(List.of("a"), context.call(guest, "deque"));
        assertEquals(List.of(1), context.call(guest, "linked"));
        assertEquals(List.of(), context.call(guest, "ofVariable"));
        assertEquals(null, context.call(guest, "nothing"));
    }

    private void assertErased(String place, String type, String arrives, Callable<?> call) {
        String message = assertThrows(Exception.class, call::call).getMessage();
        assertTrue(message.contains(place + ": a " + type + " would arrive as a " + arrives), message);
        assertTrue(message.contains("use a method reference"), message);
    }

    @Test
    void shouldRefuseInAResultOfALambdaWhatWouldArriveAsAnotherType() {
        assertErased("result[0]", "java.lang.Float", "java.lang.Double", () -> context.call(() -> Guest.floats()));
        assertErased(
                "result.keySet()", "java.lang.Short", "java.lang.Integer", () -> context.call(() -> Guest.shorts()));
        assertErased(
                "result[1]", "java.lang.Character", "java.lang.String", () -> context.call(() -> List.of("a", 'b')));
        assertErased(
                "result.get(\"a\")[0]",
                "int[]",
                "java.util.ArrayList",
                () -> context.call(() -> Map.of("a", List.of(new int[] {1}))));
        assertErased(
                "result[0]",
                "java.math.BigInteger",
                "java.lang.Long",
                () -> context.call(() -> List.of(BigInteger.TEN)));
        assertErased(
                "result[0]", "java.lang.Byte", "java.lang.Integer", () -> context.callAsync(() -> List.of((byte) 1))
                        .join());
    }

    @Test
    void shouldRefuseInWhatALambdaIsGivenWhatWouldArriveAsAnotherType() {
        List<Float> floats = List.of(1.5f);
        Map<String, List<Short>> shorts = Map.of("a", List.of((short) 1));

        assertErased("captured[0][0]", "java.lang.Float", "java.lang.Double", () -> context.call(() -> floats.get(0)));
        assertErased(
                "args[0][0]",
                "java.lang.Float",
                "java.lang.Double",
                () -> context.call(
                        (List<Float> given) -> {
                            return given.get(0);
                        },
                        floats));
        assertErased("captured[0].get(\"a\")[0]", "java.lang.Short", "java.lang.Integer", () -> {
            context.callNoReply(() -> shorts.size());
            return null;
        });
    }

    @Test
    void shouldKeepTypesThatAreDeclaredOrDoNotChange() {
        float[] array = {1.5f};
        Map<String, Object> facts = new HashMap<>();
        facts.put("big", BigInteger.ONE.shiftLeft(64));
        facts.put("bytes", List.of(1, 2L, 2.5, true, "x", List.of(), Map.of()));
        facts.put("none", null);

        assertEquals(1.5f, context.call(Guest::floats).get(0));
        assertEquals((byte) 2, context.call(Guest::shorts).get((short) 1));
        assertEquals(1.5f, context.call(Guest::first, List.of(1.5f)));
        assertEquals(1.5f, context.call(() -> array[0]));
        assertEquals(1.5f, context.call(() -> array)[0]);
        assertEquals(facts, context.call(() -> facts));
        assertEquals(Tuple.of(1.5), context.call(() -> Tuple.of(1.5f)));
        assertEquals(List.of(1.5), context.call(Guest.class.getName(), "floats"));
    }
}
