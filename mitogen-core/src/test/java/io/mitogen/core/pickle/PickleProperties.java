// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PickleProperties {
    private static final List<byte[]> PICKLES = pickles();

    private static List<byte[]> pickles() {
        List<byte[]> pickles = new ArrayList<>();
        for (String file : List.of("pickle_py311_mitogen-0.3.3", "pickle_py27_mitogen-0.3.52dev")) {
            for (Map<String, Object> vector :
                    Json.objects(Json.resource("/vectors/" + file + ".json").get("vectors"))) {
                pickles.add(Hex.bytes((String) vector.get("pickle_hex")));
            }
        }
        return pickles;
    }

    @Property
    void shouldReadWhatWasWritten(@ForAll("values") Object value) {
        Object read = PickleReader.fromBytes(PickleWriter.toBytes(value), Globals.STANDARD);
        assertTrue(Structure.isEqual(normal(value), read), () -> value + " became " + read);
    }

    @Property
    void shouldReadTheSameHoweverAPickleIsCutIntoParts(@ForAll("values") Object value, @ForAll Random cuts) {
        byte[] pickle = PickleWriter.toBytes(value);
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < pickle.length; ) {
            int end = Math.min(pickle.length, at + cuts.nextInt(12));
            parts.add(Arrays.copyOfRange(pickle, at, end));
            at = end;
        }
        Object read = PickleReader.fromParts(parts.toArray(new byte[0][]), Globals.STANDARD);
        assertTrue(Structure.isEqual(normal(value), read), () -> value + " became " + read);
    }

    @Property(tries = 100)
    void shouldNotCopyLongByteStringsIntoOrOutOfParts(@ForAll Random random) {
        List<Object> value = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            byte[] string = new byte[random.nextBoolean() ? 32 * 1024 : 32 * 1024 - 1];
            random.nextBytes(string);
            value.add(string);
            value.add(random.nextBoolean() ? "text" : value.get(random.nextInt(value.size())));
        }
        byte[][] parts = PickleWriter.toParts("value", value, null);
        for (int i = 1; i < parts.length; i += 2) {
            byte[] part = parts[i];
            assertTrue(value.stream().anyMatch(item -> item == part), "part " + i + " is a copy");
        }
        List<?> read = (List<?>) PickleReader.fromParts(parts, Globals.NONE);
        assertTrue(Structure.isIsomorphic(value, read));
        for (int i = 1; i < parts.length; i += 2) {
            byte[] part = parts[i];
            assertTrue(read.stream().anyMatch(item -> item == part), "part " + i + " was copied");
        }
        assertTrue(Structure.isIsomorphic(value, PickleReader.fromBytes(PickleWriter.join(parts), Globals.NONE)));
    }

    @Property
    void shouldKeepSharedPartsAndCycles(@ForAll Random random) {
        Object value = graph(random);
        Object read = PickleReader.fromBytes(PickleWriter.toBytes(value), Globals.STANDARD);
        assertTrue(Structure.isIsomorphic(value, read));
    }

    @Property
    void shouldKeepAnyText(@ForAll("texts") String text) {
        assertEquals(text, PickleReader.fromBytes(PickleWriter.toBytes(text), Globals.NONE));
    }

    @Property
    void shouldKeepAnyNumberOfAnySize(@ForAll BigInteger factor, @ForAll("shifts") int shift) {
        BigInteger number = factor.shiftLeft(shift).subtract(BigInteger.ONE);
        Object read = PickleReader.fromBytes(PickleWriter.toBytes(number), Globals.NONE);
        assertEquals(PickleInput.longOrBig(number), read);
    }

    @Property
    void shouldKeepTheBitsOfAnyFloat(@ForAll long bits) {
        double value = Double.longBitsToDouble(bits);
        assertEquals(value, PickleReader.fromBytes(PickleWriter.toBytes(value), Globals.NONE));
    }

    @Property
    void shouldReadGarbageAsAValueOrRefuseIt(@ForAll byte[] garbage) {
        checkOutcome(garbage);
    }

    @Property(tries = 5000)
    void shouldReadRandomOpcodesAsAValueOrRefuseThem(@ForAll("opcodes") List<Integer> opcodes) {
        byte[] pickle = new byte[opcodes.size()];
        for (int i = 0; i < pickle.length; i++) {
            pickle[i] = opcodes.get(i).byteValue();
        }
        checkOutcome(pickle);
    }

    @Property(tries = 5000)
    void shouldReadDamagedPicklesAsAValueOrRefuseThem(@ForAll Random random) {
        byte[] pickle = PICKLES.get(random.nextInt(PICKLES.size())).clone();
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            pickle[random.nextInt(Math.min(pickle.length, 400))] ^= (byte) (1 << random.nextInt(8));
        }
        checkOutcome(random.nextBoolean() ? pickle : Arrays.copyOf(pickle, random.nextInt(pickle.length)));
    }

    private static void checkOutcome(byte[] pickle) {
        try {
            PickleReader.fromBytes(pickle, TestGlobals.ALL);
            PickleReader.readAll(pickle, TestGlobals.ALL);
        } catch (PickleException expected) {
            // One of the two permitted outcomes; anything else fails the property.
            assertEquals(Blame.PEER, expected.blame());
            assertNotNull(expected.getMessage());
        }
    }

    @Provide
    Arbitrary<Integer> shifts() {
        return Arbitraries.integers().between(0, 3000);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.chars().all().list().ofMaxSize(40).map(chars -> {
            StringBuilder text = new StringBuilder();
            chars.forEach(text::append);
            return text.toString();
        });
    }

    /** Opcodes, with the small numbers that make their arguments plausible. */
    @Provide
    Arbitrary<List<Integer>> opcodes() {
        Integer[] known =
                ".(012NKMJGUTXCBIFLSV)tlade]}usqrhjpgcRio\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u0093\u0094\u0095\u0096"
                        .chars()
                        .boxed()
                        .toArray(Integer[]::new);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, Arbitraries.of(known)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, 3)))
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.recursive(this::scalars, this::containers, 0, 3);
    }

    private Arbitrary<Object> containers(Arbitrary<Object> items) {
        return Arbitraries.oneOf(
                items.list().ofMaxSize(5).asGeneric(),
                items.list().ofMaxSize(5).map(Tuple::copyOf).asGeneric(),
                Arbitraries.maps(keys(), items)
                        .ofMaxSize(4)
                        .filter(PickleProperties::canTravel)
                        .asGeneric(),
                Arbitraries.maps(texts(), items)
                        .ofMaxSize(3)
                        .map(Kwargs::copyOf)
                        .asGeneric());
    }

    /** Returns whether no reader makes one of two keys. */
    private static boolean canTravel(Map<Object, Object> map) {
        try {
            KeyClash.check(map);
            return true;
        } catch (PickleException expected) {
            return false;
        }
    }

    private Arbitrary<Object> scalars() {
        return Arbitraries.oneOf(
                keys(),
                Arbitraries.bytes().array(byte[].class).asGeneric(),
                Arbitraries.bytes().array(byte[].class).map(Blob::of).asGeneric(),
                Arbitraries.bytes().array(byte[].class).map(Bytearray::wrap).asGeneric(),
                texts().map(Secret::of).asGeneric());
    }

    private Arbitrary<Object> keys() {
        return Arbitraries.oneOf(
                Arbitraries.of(true, false, -0.0, 0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1.5f)
                        .asGeneric(),
                Arbitraries.just(null),
                texts().asGeneric(),
                Arbitraries.integers().asGeneric(),
                Arbitraries.shorts().asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.bigIntegers().asGeneric(),
                Arbitraries.bytes().array(byte[].class).map(Bytes::of).asGeneric());
    }

    /** Returns what a value reads as. */
    private static Object normal(Object value) {
        if (value instanceof BigInteger) {
            return PickleInput.longOrBig((BigInteger) value);
        }
        if (value instanceof Short) {
            return ((Number) value).intValue();
        }
        if (value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof Bytes) {
            return ((Bytes) value).bytes();
        }
        if (value instanceof List) {
            List<Object> list = new ArrayList<>();
            ((List<?>) value).forEach(item -> list.add(normal(item)));
            return list;
        }
        if (value instanceof Tuple) {
            return Tuple.copyOf((List<?>) normal(((Tuple) value).asList()));
        }
        if (value instanceof Kwargs) {
            Map<String, Object> map = new LinkedHashMap<>();
            ((Kwargs) value).forEach((key, item) -> map.put(key, normal(item)));
            return Kwargs.copyOf(map);
        }
        if (value instanceof Map) {
            Map<Object, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((key, item) -> map.put(key instanceof Bytes ? key : normal(key), normal(item)));
            return map;
        }
        return value;
    }

    /** Returns a container that leads to others, made before or after it, itself among them. */
    private static Object graph(Random random) {
        List<Object> parts = new ArrayList<>(Arrays.asList(1, "text", new byte[] {1, 2}));
        List<List<Object>> lists = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Object one = parts.get(random.nextInt(parts.size()));
            Object two = parts.get(random.nextInt(parts.size()));
            int kind = random.nextInt(4);
            if (kind == 0) {
                List<Object> list = new ArrayList<>(Arrays.asList(one, two));
                lists.add(list);
                parts.add(list);
            } else if (kind == 1) {
                Map<Object, Object> map = new LinkedHashMap<>();
                map.put("a", one);
                map.put(i, two);
                parts.add(map);
            } else {
                Object[] items = new Object[1 + random.nextInt(5)];
                Arrays.fill(items, one);
                items[0] = two;
                parts.add(Tuple.of(items));
            }
        }
        for (List<Object> list : lists) {
            list.add(parts.get(random.nextInt(parts.size())));
        }
        return Tuple.copyOf(parts);
    }
}
