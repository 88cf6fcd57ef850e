// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real Python Mitogen sends, and what it makes of what it is sent. */
class PickleVectorsTest {
    private static final String PY27_OLD = "pickle_py27_mitogen-0.3.3";
    private static final String PY27_NEW = "pickle_py27_mitogen-0.3.52dev";
    private static final String PY311_OLD = "pickle_py311_mitogen-0.3.3";
    private static final String PY311_NEW = "pickle_py311_mitogen-0.3.52dev";

    /** The printed form does not show what is inside; these have tests of their own. */
    private static final Set<String> CYCLES = Set.of("selfref_list", "selfref_dict", "tuple_cycle");

    /** Python contexts refuse a bytearray, JVM contexts may send one to each other. */
    private static final Set<String> ACCEPTED_HERE_ONLY = Set.of("x_bytearray");

    /** Inputs on which the newest Mitogen and we differ on purpose, and whether we accept. */
    private static final Map<String, Boolean> DELIBERATE = Map.of(
            "BUILD_on_Blob", false, // would set attributes
            "EMPTY_SET_proto4", false, // no type for it, and Python 2 refuses it
            "class_object_itself", false, // no type for it
            "builtin_bytearray", true); // a JVM context may send it

    private static List<Map<String, Object>> vectors(String file) {
        return Json.objects(Json.resource("/vectors/" + file + ".json").get("vectors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {PY27_OLD, PY27_NEW, PY311_OLD, PY311_NEW})
    void shouldReadWhatPythonReadsAndRefuseWhatItRefuses(String file) {
        for (Map<String, Object> vector : vectors(file)) {
            String name = (String) vector.get("name");
            byte[] pickle = Hex.bytes((String) vector.get("pickle_hex"));
            if (ACCEPTED_HERE_ONLY.contains(name)) {
                assertEquals(Bytearray.wrap(Hex.bytes("6162ff")), PickleReader.fromBytes(pickle, TestGlobals.ALL));
            } else if (Boolean.TRUE.equals(vector.get("accepted"))) {
                Object value = PickleReader.fromBytes(pickle, TestGlobals.ALL);
                String printed = (String) vector.get("unpickled_repr");
                Object expected =
                        CYCLES.contains(name) ? value : expected(name, printed, file.startsWith("pickle_py27"));
                assertTrue(Structure.isEqual(expected, value), () -> name + " is " + value + " not " + printed);
            } else {
                PickleException refusal = assertThrows(
                        PickleException.class, () -> PickleReader.fromBytes(pickle, TestGlobals.ALL), name);
                assertEquals(Blame.PEER, refusal.blame());
            }
        }
    }

    private static Object expected(String name, String printed, boolean isPython2) {
        boolean isCut = printed.endsWith(" chars)");
        return isCut ? LongVectors.VALUES.get(name) : PyLiteral.parse(printed, isPython2);
    }

    @ParameterizedTest
    @ValueSource(strings = {PY27_OLD, PY27_NEW, PY311_OLD, PY311_NEW})
    void shouldWriteWhatItReadSoThatItReadsTheSameAgain(String file) {
        int sameSizeOrLess = 0;
        int count = 0;
        for (Map<String, Object> vector : vectors(file)) {
            if (Boolean.TRUE.equals(vector.get("accepted"))) {
                byte[] pickle = Hex.bytes((String) vector.get("pickle_hex"));
                Object value = PickleReader.fromBytes(pickle, TestGlobals.ALL);
                byte[] written = PickleWriter.toBytes(value);
                Object again = PickleReader.fromBytes(written, TestGlobals.ALL);
                assertTrue(Structure.isIsomorphic(value, again), () -> vector.get("name") + " became " + again);
                sameSizeOrLess += written.length <= pickle.length ? 1 : 0;
                count++;
            }
        }
        assertEquals(count, sameSizeOrLess, "values written at most as long as Python writes them");
    }

    @Test
    void shouldWriteTheBytesOfPythonButForTheMemo() {
        Set<String> scalars = Set.of("int_", "none", "true", "false", "float_", "tuple_0", "bytes_len_256");
        int compared = 0;
        for (Map<String, Object> vector : vectors(PY311_NEW)) {
            String name = (String) vector.get("name");
            if (scalars.stream().anyMatch(name::startsWith)) {
                String pickle = (String) vector.get("pickle_hex");
                Object value = PickleReader.fromBytes(Hex.bytes(pickle), Globals.NONE);
                assertEquals(pickle, Hex.of(PickleWriter.toBytes(value)), name);
                compared++;
            }
        }
        assertTrue(compared > 50, "only " + compared + " vectors found");
    }

    @Test
    void shouldAcceptAndRefuseWhatTheNewestMitogenDoesExceptOnPurpose() {
        for (Map<String, Object> vector : vectors("unpickle_accept_reject")) {
            String name = (String) vector.get("name");
            byte[] pickle = Hex.bytes((String) vector.get("data_hex"));
            Globals globals = name.equals("Sender_no_router") ? TestGlobals.WITHOUT_SENDER : TestGlobals.ALL;
            Map<String, Object> result =
                    Json.object(Json.object(vector.get("results")).get("mitogen-0.3.52.dev/py3.11"));
            // Reading a CallError succeeds; throwing it is done by the caller, one layer up.
            boolean isAccepted = Boolean.TRUE.equals(result.get("ok")) || name.equals("CallError_throw_true");
            if (DELIBERATE.getOrDefault(name, isAccepted)) {
                Object value = PickleReader.fromBytes(pickle, globals);
                if (result.containsKey("repr")) {
                    Object expected = PyLiteral.parse((String) result.get("repr"), false);
                    assertTrue(Structure.isEqual(expected, value), () -> name + " is " + value);
                }
            } else {
                assertThrows(PickleException.class, () -> PickleReader.fromBytes(pickle, globals), name);
            }
        }
    }

    @Test
    void shouldReadAllPicklesOfAMessageWithOneMemo() {
        Map<String, Object> bySender = Json.object(
                Json.resource("/vectors/unpickle_accept_reject.json").get("multi_pickle_messages"));
        for (Map.Entry<String, Object> sender : bySender.entrySet()) {
            for (Map<String, Object> message : Json.objects(sender.getValue())) {
                Object values = PickleReader.readAll(Hex.bytes((String) message.get("data_hex")), Globals.NONE);
                Object expected = PyLiteral.parse(
                        (String) message.get("unpickled"), sender.getKey().endsWith("2.7"));
                assertTrue(Structure.isEqual(expected, values), () -> message.get("name") + " is " + values);
            }
        }
    }

    @Test
    void shouldReadCycles() {
        for (Map<String, Object> vector : vectors(PY311_NEW)) {
            byte[] pickle = Hex.bytes((String) vector.get("pickle_hex"));
            if (vector.get("name").equals("selfref_list")) {
                List<?> list = (List<?>) PickleReader.fromBytes(pickle, Globals.NONE);
                assertTrue(list.get(0) == list);
            } else if (vector.get("name").equals("selfref_dict")) {
                Map<?, ?> map = (Map<?, ?>) PickleReader.fromBytes(pickle, Globals.NONE);
                assertTrue(map.get("self") == map);
            } else if (vector.get("name").equals("tuple_cycle")) {
                Tuple tuple = (Tuple) PickleReader.fromBytes(pickle, Globals.NONE);
                assertTrue(((List<?>) tuple.get(0)).get(0) == tuple);
            } else if (vector.get("name").equals("blob")) {
                Blob blob = (Blob) PickleReader.fromBytes(pickle, Globals.STANDARD);
                assertArrayEquals(Hex.bytes("6461746100ff"), blob.bytes());
            } else if (vector.get("name").equals("secret")) {
                assertEquals("hunter2", ((Secret) PickleReader.fromBytes(pickle, Globals.STANDARD)).reveal());
            }
        }
    }
}
