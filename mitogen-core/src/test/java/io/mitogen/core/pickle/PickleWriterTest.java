// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.MitogenException.Blame;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PickleWriterTest {
    private static String hex(Object value) {
        return Hex.of(PickleWriter.toBytes(value));
    }

    private static Object read(Object value) {
        return PickleReader.fromBytes(PickleWriter.toBytes(value), Globals.STANDARD);
    }

    private static String refusal(String rootName, Object value) {
        PickleException refusal =
                assertThrows(PickleException.class, () -> PickleWriter.toBytes(rootName, value), rootName);
        assertEquals(Blame.CALLER, refusal.blame());
        return refusal.getMessage();
    }

    @Test
    void shouldWriteNoMemoWhenNothingIsShared() {
        assertEquals("80025d28580100000061580100000062652e", hex(List.of("a", "b")));
    }

    @Test
    void shouldWriteASharedPartOnce() {
        List<Object> part = List.of(1);
        assertEquals("80025d285d71004b01616800652e", hex(List.of(part, part)));
        assertEquals("80025d2858010000006171006800652e", hex(List.of("a", new String("a"))));
    }

    @Test
    void shouldNumberMoreThan256SharedParts() {
        List<Object> parts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            parts.add(new byte[] {(byte) i, 1});
        }
        List<Object> twice = new ArrayList<>(parts);
        twice.addAll(parts);
        assertTrue(Structure.isIsomorphic(twice, read(twice)));
    }

    @Test
    void shouldWriteATupleThatContainsItselfThroughAList() {
        List<Object> list = new ArrayList<>();
        Tuple tuple = Tuple.of(list, 2);
        list.add(tuple);
        Tuple longTuple = Tuple.of(1, 2, 3, list);
        list.add(longTuple);
        Tuple read = (Tuple) read(longTuple);
        assertTrue(Structure.isIsomorphic(longTuple, read));
        List<?> readList = (List<?>) read.get(3);
        assertSame(read, readList.get(1));
        assertSame(readList.get(0), ((List<?>) ((Tuple) readList.get(0)).get(0)).get(0));
    }

    @Test
    void shouldTakeKeysWhoseArgumentsCannotBeCompared() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        Tuple deep = Tuple.of();
        for (int i = 0; i < 100_000; i++) {
            deep = Tuple.of(deep);
        }
        Map<Object, Object> map = new IdentityHashMap<>();
        map.put(new TestGlobals.Made("A", Tuple.of(cycle)), 1);
        map.put(new TestGlobals.Made("B", deep), 2);
        assertTrue(PickleWriter.toBytes(map).length > 100_000);
    }

    @Test
    void shouldRefuseACallThatContainsItself() {
        List<Object> list = new ArrayList<>();
        Kwargs kwargs = Kwargs.copyOf(Map.of("again", list));
        list.add(kwargs);
        assertEquals(
                "kwargs.get(\"again\")[0]: io.mitogen.core.pickle.Kwargs contains itself", refusal("kwargs", kwargs));
    }

    @Test
    void shouldNameThePathToWhatMayNotBeSent() {
        Object args = Tuple.of(1, Map.of("when", Instant.EPOCH));
        assertEquals("args[1].get(\"when\"): java.time.Instant may not be sent", refusal("args", args));
        assertEquals("value: java.lang.Object may not be sent", refusal("value", new Object()));
        assertEquals(
                "x[0][1].get(7): java.lang.Thread may not be sent",
                refusal("x", List.of(Arrays.asList(null, Collections.singletonMap(7, Thread.currentThread())))));
        assertEquals(
                "args.keySet(): java.time.Instant may not be sent",
                refusal("args", Collections.singletonMap(Instant.EPOCH, 1)));
        Object context = new TestGlobals.Made("Context", Tuple.of(Instant.EPOCH));
        assertEquals("args[0].arguments()[0]: java.time.Instant may not be sent", refusal("args", List.of(context)));
    }

    @Test
    void shouldRefuseSetsEnumsAndRecords() {
        record Point(int x) {}
        for (Object value : List.of(Set.of(1), DayOfWeek.MONDAY, new Point(1), new StringBuilder("x"))) {
            assertTrue(refusal("value", value).endsWith(" may not be sent"));
        }
    }

    @Test
    void shouldRefuseKeysThatPythonCannotHash() {
        String reason = "cannot be hashed, so it may not be the key of a dict";
        assertTrue(refusal("x", Map.of(List.of(), 1)).endsWith(reason));
        assertTrue(refusal("x", Map.of(Kwargs.of(), 1)).endsWith(reason));
        assertTrue(refusal("x", Map.of(Tuple.of(1, Tuple.of(new ArrayList<>())), 1))
                .endsWith(reason));
        assertTrue(refusal("x", Map.of(Bytearray.wrap(new byte[1]), 1)).endsWith(reason));
    }

    @Test
    void shouldRefuseKeysThatSomeReaderMakesOne() {
        Object[][] pairs = {
            {'a', "a"},
            {(short) 1, 1},
            {(byte) 1, (short) 1},
            {1, 1L},
            {1L, BigInteger.ONE},
            {1, 1.0},
            {1.0f, 1.0},
            {true, 1},
            {0.0, -0.0},
            {0, false},
            {Float.NaN, Double.NaN},
            {1e30, new BigInteger("1000000000000000019884624838656")},
            {new byte[] {1, -1}, new byte[] {1, -1}},
            {new byte[] {1}, Bytes.of(new byte[] {1})},
            {Blob.of(new byte[] {-1}), Bytes.of(new byte[] {-1})},
            {Bytes.of(new byte[] {'a'}), "a"},
            {Secret.of("a"), "a"},
            {Tuple.of(1, Tuple.of('a')), Tuple.of(1L, Tuple.of("a"))},
            {new TestGlobals.Made("Context", Tuple.of(1, 'a')), new TestGlobals.Made("Context", Tuple.of(1, "a"))}
        };
        for (Object[] pair : pairs) {
            for (int first = 0; first < 2; first++) {
                Map<Object, Object> map = new IdentityHashMap<>();
                map.put(pair[0], 1);
                map.put(pair[1], 2);
                String problem = refusal("x", List.of(map));
                assertTrue(problem.startsWith("x[0].keySet(): the keys "), problem);
                assertTrue(problem.endsWith("would vanish: give all keys one type"), problem);
            }
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", 2);
        map.put('a', 3);
        assertEquals(
                "x[0].keySet(): the keys \"a\" (java.lang.String) and 'a' (java.lang.Character) become one where they are"
                        + " read, so an entry would vanish: give all keys one type",
                refusal("x", List.of(map)));
    }

    @Test
    void shouldRefuseEqualTextsThatAMapKeepsApartByIdentity() {
        Map<Object, Object> map = new IdentityHashMap<>();
        map.put("a", 1);
        map.put(new String("a"), 2);
        assertTrue(refusal("x", map).contains("the keys \"a\" (java.lang.String) and \"a\" (java.lang.String)"));
    }

    @Test
    void shouldRefuseEqualTextsInAMapThatWrapsOneByIdentityOrHasAComparatorOfItsOwn() {
        Map<Object, Object> byIdentity = new IdentityHashMap<>();
        Map<Object, Object> neverEqual = new TreeMap<>((one, other) -> 1);
        for (Map<Object, Object> each : List.of(byIdentity, neverEqual)) {
            each.put("a", 1);
            each.put(new String("a"), 2);
        }
        for (Map<Object, Object> each :
                List.of(neverEqual, Collections.unmodifiableMap(byIdentity), Collections.synchronizedMap(byIdentity))) {
            assertTrue(refusal("x", each).contains("the keys \"a\" (java.lang.String) and \"a\" (java.lang.String)"));
        }
    }

    @Test
    void shouldSendKeysOfSeveralTypesThatNoReaderMerges() {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object key :
                new Object[] {null, "1", 1, 2L, 2.5, 0.1f, 0.1, false, Tuple.of(1), Tuple.of(1, 2), "-1", Double.NaN}) {
            map.put(key, key);
        }
        assertEquals(map.size(), ((Map<?, ?>) read(map)).size());
        map.put(Bytes.of(new byte[] {'a'}), Secret.of("b"));
        map.put(Blob.of(new byte[] {-1}), 1);
        map.put(Bytes.of(new byte[] {-2}), 1);
        assertEquals(map.size(), ((Map<?, ?>) read(map)).size());
    }

    @Test
    void shouldLeaveKeysThatMayNotBeSentToTheirOwnRefusal() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        Map<Object, Object> map = new IdentityHashMap<>();
        map.put(list, 1);
        assertTrue(refusal("x", map).contains("cannot be hashed"), refusal("x", map));
    }

    @Test
    void shouldReportACollectionThatFailsWhileItIsRead() {
        List<Object> broken = new AbstractList<>() {
            @Override
            public Object get(int index) {
                throw new IllegalStateException("gone");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        assertEquals("x: cannot be read: java.lang.IllegalStateException: gone", refusal("x", broken));
    }

    @Test
    void shouldWriteALongSoThatItIsReadAsOne() {
        assertEquals("80028a002e", hex(0L));
        assertEquals("80028a01052e", hex(5L));
        assertEquals("80028a01ff2e", hex(-1L));
        assertEquals("80028a02ff002e", hex(255L));
        assertEquals("80028a0180" + "2e", hex(-128L));
        assertEquals("80028a0500000080002e", hex(1L << 31));
        assertEquals("80028a0800000000000000802e", hex(Long.MIN_VALUE));
        assertEquals("80028a08ffffffffffffff7f2e", hex(Long.MAX_VALUE));
        assertEquals("80028a09000000000000008000" + "2e", hex(BigInteger.ONE.shiftLeft(63)));
        assertEquals(5L, read(5L));
        assertEquals(0L, read(0L));
        assertEquals(Long.MIN_VALUE, read(Long.MIN_VALUE));
        assertEquals(7L, read(BigInteger.valueOf(7)));
        assertEquals(BigInteger.ONE.shiftLeft(63), read(BigInteger.ONE.shiftLeft(63)));
        assertEquals(List.of(5, 5L), read(List.of(5, 5L)));
    }

    @Test
    void shouldWriteShortNumbersAsPythonDoes() {
        assertEquals("80024b052e", hex((short) 5));
        assertEquals("80024aff" + "ffffff2e", hex((byte) -1));
        assertEquals("80024b012e", hex(PickleWriter.unsigned(1)));
        assertEquals("80028a05ffffffff002e", hex(PickleWriter.unsigned(-1)));
    }

    @Test
    void shouldWriteArraysAsLists() {
        assertEquals(List.of(1, 2), read(new int[] {1, 2}));
        assertEquals(List.of(1L, 5000000000L), read(new long[] {1, 5000000000L}));
        assertEquals(List.of(true), read(new boolean[] {true}));
        assertEquals(List.of("x", "y"), read(new char[] {'x', 'y'}));
        assertEquals(List.of(0.5), read(new float[] {0.5f}));
        assertEquals(Arrays.asList("a", null), read(new String[] {"a", null}));
        assertArrayEquals(new byte[] {1, 2}, (byte[]) read(new byte[] {1, 2}));
    }

    @Test
    void shouldKeepAnyNumberOfItemsWhenBatchesEnd() {
        for (int size : new int[] {0, 1, 2, 3, 4, 999, 1000, 1001, 1002, 2000, 2001}) {
            List<Object> list = new ArrayList<>();
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                list.add(i);
                map.put(i, -i);
            }
            assertEquals(list, read(list));
            assertEquals(map, read(map));
            assertEquals(Tuple.copyOf(list), read(Tuple.copyOf(list)));
        }
    }

    @Test
    void shouldEndABatchAfterAThousandItems() {
        String items = "4e".repeat(1000);
        assertEquals("80025d28" + items + "652e", hex(Collections.nCopies(1000, null)));
        assertEquals("80025d28" + items + "654e612e", hex(Collections.nCopies(1001, null)));
        assertEquals("80025d28" + items + "65284e4e652e", hex(Collections.nCopies(1002, null)));
    }

    @Test
    void shouldWriteAndReadAnyDepth() {
        Object lists = "end";
        Object tuples = "end";
        Object maps = "end";
        for (int i = 0; i < 200_000; i++) {
            lists = new ArrayList<>(Collections.singletonList(lists));
            tuples = Tuple.of(tuples);
            maps = Collections.singletonMap("k", maps);
        }
        Object read = read(Tuple.of(lists, tuples, maps));
        Object inner = ((Tuple) read).get(0);
        for (int i = 0; i < 200_000; i++) {
            inner = ((List<?>) inner).get(0);
        }
        assertEquals("end", inner);
    }

    @Test
    void shouldCutThePathWhenItIsLong() {
        Object value = new Object();
        for (int i = 0; i < 10_000; i++) {
            value = Collections.singletonList(value);
        }
        String message = refusal("x", value);
        assertTrue(message.length() < 300 && message.endsWith("[0]: java.lang.Object may not be sent"), message);
    }

    @Test
    void shouldNeverShowASecretInAnError() {
        Object value = List.of(Map.of(Secret.of("hunter2"), List.of(Secret.of("hunter2"), new Object())));
        assertFalse(refusal("x", value).contains("hunter2"));
    }

    @Test
    void shouldRefuseALineBreakInThePythonNameOfAReducible() {
        assertTrue(refusal("x", new TestGlobals.Made("a\nb", Tuple.of())).endsWith("line break in its Python name"));
    }
}
