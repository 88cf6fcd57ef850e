// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.mitogen.core.MitogenException;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Tuple;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValueConverterTest {
    /** Types as they are declared in programs; each method gives its first parameter's. */
    @SuppressWarnings({"unused", "rawtypes"})
    private abstract static class Types<C> {
        abstract void listOfLong(List<Long> a);

        abstract void collection(Collection<Short> a);

        abstract void iterable(Iterable<Character> a);

        abstract void arrayList(ArrayList<Float> a);

        abstract void linkedList(LinkedList<Long> a);

        abstract void nested(Map<String, List<long[]>> a);

        abstract void hashMap(HashMap<Long, Double> a);

        abstract void doubleKeys(Map<Double, Object> a);

        abstract void wild(List<? extends Short> a);

        abstract void lower(List<? super Short> a);

        abstract void unbounded(List<?> a);

        abstract void raw(List a);

        abstract <T extends Comparable<T>> void comparable(List<T> a);

        abstract <T extends List<T>> void recursive(T a);

        abstract <T extends Number & Comparable<T>> void intersection(T a);

        abstract <T extends List<Long>> void longs(T a);

        abstract <T> void generic(T a);

        abstract <T> void genericArray(T[] a);

        abstract void genericArrays(List<Long>[] a);

        abstract void ofClass(C a);

        abstract void comparableLong(Comparable<Long> a);

        abstract void set(Set<String> a);

        abstract void optional(Optional<String> a);
    }

    private static Type type(String name) {
        for (java.lang.reflect.Method method : Types.class.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return method.getGenericParameterTypes()[0];
            }
        }
        throw new AssertionError(name);
    }

    private static Object convert(Object value, Type type) {
        return new ValueConverter().convert(value, type, "args[0]");
    }

    private static String refusal(Object value, Type type) {
        ConversionException refused = assertThrows(ConversionException.class, () -> convert(value, type));
        assertEquals(MitogenException.Blame.CALLER, refused.blame());
        assertEquals(0, refused.getMessage().indexOf(refused.path() + ": "));
        return refused.getMessage();
    }

    private static List<Object> list(Object... items) {
        return new ArrayList<>(Arrays.asList(items));
    }

    @Test
    void shouldFitIntegersWhenTheyAreInRange() {
        assertEquals((byte) -128, convert(-128, byte.class));
        assertEquals((short) 7, convert(7, Short.class));
        assertEquals(7L, convert(7, long.class));
        assertEquals(7, convert(7L, int.class));
        assertEquals(BigInteger.TEN, convert(10, BigInteger.class));
        assertEquals(BigInteger.TEN, convert(10L, BigInteger.class));
        assertEquals(10, convert(BigInteger.TEN, int.class));
        assertEquals(Long.MIN_VALUE, convert(BigInteger.valueOf(Long.MIN_VALUE), Long.class));
    }

    @Test
    void shouldRefuseIntegersWhenTheyDoNotFit() {
        assertEquals("args[0]: 70000 does not fit in short", refusal(70000, short.class));
        assertEquals("args[0]: 128 does not fit in java.lang.Byte", refusal(128, Byte.class));
        assertEquals("args[0]: 2147483648 does not fit in int", refusal(2147483648L, int.class));
        assertEquals(
                "args[0]: 9223372036854775808 does not fit in long",
                refusal(BigInteger.valueOf(Long.MAX_VALUE).add(BigInteger.ONE), long.class));
        assertEquals(
                "args[0]: an integer of 100001 bits does not fit in long",
                refusal(BigInteger.ONE.shiftLeft(100000), long.class));
    }

    @Test
    void shouldConvertToFloatingWhenExact() {
        assertEquals(3.0, convert(3, double.class));
        assertEquals(3.0f, convert(3, float.class));
        assertEquals(0.1f, convert((double) 0.1f, float.class));
        assertEquals(Float.NaN, convert(Double.NaN, float.class));
        assertEquals(-0.0f, convert(-0.0, float.class));
        assertEquals(Float.NEGATIVE_INFINITY, convert(Double.NEGATIVE_INFINITY, Float.class));
        assertEquals(0x1p70, convert(BigInteger.ONE.shiftLeft(70), double.class));
        assertEquals("args[0]: 16777217 does not fit in float", refusal(16777217, float.class));
        assertEquals("args[0]: 0.1 does not fit in float", refusal(0.1, float.class));
        assertEquals("args[0]: 1.0E300 does not fit in float", refusal(1e300, float.class));
        assertEquals("args[0]: 9223372036854775807 does not fit in double", refusal(Long.MAX_VALUE, double.class));
        assertEquals(
                "args[0]: an integer of 2001 bits does not fit in double",
                refusal(BigInteger.ONE.shiftLeft(2000), double.class));
    }

    @Test
    void shouldNotMakeIntegersOfAnythingElse() {
        assertEquals("args[0]: 3.0 is a float, expected int", refusal(3.0, int.class));
        assertEquals("args[0]: 3.0 is a float, expected java.math.BigInteger", refusal(3.0, BigInteger.class));
        assertEquals("args[0]: expected int, found java.lang.Boolean", refusal(true, int.class));
        assertEquals("args[0]: expected long, found java.lang.String", refusal("5", long.class));
        assertEquals("args[0]: expected boolean, found java.lang.Integer", refusal(1, boolean.class));
        assertEquals("args[0]: expected java.lang.String, found java.lang.Integer", refusal(1, String.class));
    }

    @Test
    void shouldConvertTextToCharWhenItHasOne() {
        assertEquals('x', convert("x", char.class));
        assertEquals('x', convert("x", Character.class));
        assertEquals("args[0]: expected char, found a String of 2 chars", refusal("xy", char.class));
        assertEquals("args[0]: expected char, found a String of 0 chars", refusal("", char.class));
    }

    @Test
    void shouldPassNullUnlessPrimitive() {
        for (Type type : List.of(Integer.class, String.class, int[].class, type("listOfLong"), type("set"))) {
            assertNull(convert(null, type));
        }
        assertEquals("args[0]: null cannot become int", refusal(null, int.class));
        assertEquals("args[0][1]: null cannot become int", refusal(list(1, null), int[].class));
    }

    @Test
    void shouldMakeNullOfEverythingWhenVoid() {
        assertNull(convert(5, void.class));
        assertNull(convert(null, Void.class));
        assertEquals("args[0]: a java.lang.Void never travels; found java.lang.Integer", refusal(5, Void.class));
    }

    @Test
    void shouldConvertElementsWhenTheListDeclaresThem() {
        assertEquals(List.of(1L, 1L << 40), convert(list(1, 1L << 40), type("listOfLong")));
        assertEquals(List.of((short) 1), convert(list(1), type("collection")));
        assertEquals(List.of('a', 'b'), convert(list("a", "b"), type("iterable")));
        assertEquals(List.of(1.5f), convert(list(1.5), type("arrayList")));
        assertEquals(list(1L, null), convert(list(1, null), type("listOfLong")));
        assertEquals(
                "args[0][1]: expected java.lang.Long, found java.lang.String",
                refusal(list(1, "x"), type("listOfLong")));
    }

    @Test
    void shouldConvertKeysAndValuesWhenTheMapDeclaresThem() {
        Map<?, ?> nested = (Map<?, ?>) convert(Map.of("when", list(list(1, 2))), type("nested"));
        assertArrayEquals(new long[] {1, 2}, (long[]) ((List<?>) nested.get("when")).get(0));
        assertEquals(Map.of(1L, 2.0), convert(Map.of(1, 2), type("hashMap")));
        assertEquals(
                "args[0].get(\"when\")[0][1]: expected long, found java.lang.String",
                refusal(Map.of("when", list(list(1, "x"))), type("nested")));
        assertEquals(
                "args[0].key(5): expected java.lang.String, found java.lang.Integer",
                refusal(Map.of(5, list()), type("nested")));
        Map<Object, Object> twice = new LinkedHashMap<>();
        twice.put(1, "a");
        twice.put(1.0, "b");
        assertEquals("args[0]: two keys become 1.0", refusal(twice, type("doubleKeys")));
    }

    @Test
    void shouldConvertByBoundsWhenTheTypeIsAVariableOrWildcard() {
        assertEquals(List.of((short) 1), convert(list(1), type("wild")));
        assertEquals(List.of(1), convert(list(1), type("lower")));
        assertEquals(List.of(1, "a"), convert(list(1, "a"), type("unbounded")));
        assertEquals(List.of(1, "a"), convert(list(1, "a"), type("raw")));
        assertEquals(List.of(1, 2), convert(list(1, 2), type("comparable")));
        assertEquals(List.of(1L), convert(list(1), type("longs")));
        assertEquals(5, convert(5, type("intersection")));
        assertEquals("a", convert("a", type("generic")));
        assertEquals(5, convert(5, type("ofClass")));
        assertEquals(5L, convert(5, type("comparableLong")));
        assertEquals(
                "args[0][0]: expected java.lang.Comparable, found java.util.ArrayList",
                refusal(list(list()), type("comparable")));
        assertEquals("args[0]: expected java.lang.Number, found java.lang.String", refusal("a", type("intersection")));
    }

    @Test
    void shouldMakeArraysOfLists() {
        assertArrayEquals(new int[] {1, 2}, (int[]) convert(list(1, 2), int[].class));
        assertArrayEquals(new boolean[] {true}, (boolean[]) convert(list(true), boolean[].class));
        assertArrayEquals(new char[] {'a'}, (char[]) convert(list("a"), char[].class));
        assertArrayEquals(new Long[] {1L, null}, (Long[]) convert(list(1, null), Long[].class));
        assertArrayEquals(new Object[] {1, "a"}, (Object[]) convert(list(1, "a"), Object[].class));
        assertArrayEquals(new double[][] {{1}, {}}, (double[][]) convert(list(list(1), list()), double[][].class));
        assertArrayEquals(new Object[] {1}, (Object[]) convert(list(1), type("genericArray")));
        assertEquals(List.of(1L), ((List<?>[]) convert(list(list(1)), type("genericArrays")))[0]);
        assertEquals("args[0][0][1]: 300000 does not fit in short", refusal(list(list(1, 300000)), short[][].class));
    }

    @Test
    void shouldKeepTheByteTypesApart() {
        byte[] bytes = {1};
        assertSame(bytes, convert(bytes, byte[].class));
        Blob blob = Blob.of(bytes);
        assertSame(blob, convert(blob, Blob.class));
        assertEquals("args[0]: expected byte[], found io.mitogen.core.pickle.Blob", refusal(blob, byte[].class));
        assertEquals("args[0]: expected io.mitogen.core.pickle.Blob, found byte[]", refusal(bytes, Blob.class));
        assertEquals("args[0]: expected byte[], found java.util.ArrayList", refusal(list(1), byte[].class));
        assertEquals("args[0]: expected byte[], found java.lang.String", refusal("a", byte[].class));
        Tuple tuple = Tuple.of(1);
        assertSame(tuple, convert(tuple, Tuple.class));
        assertEquals(
                "args[0]: expected java.util.List, found io.mitogen.core.pickle.Tuple",
                refusal(tuple, type("listOfLong")));
    }

    @Test
    void shouldRefuseWhatNeverTravels() {
        assertEquals("args[0]: a java.util.Set never travels; found java.util.ArrayList", refusal(list(), type("set")));
        assertEquals(
                "args[0]: a java.util.Optional never travels; found java.lang.String", refusal("a", type("optional")));
        assertEquals("args[0]: a java.lang.Thread never travels; found java.lang.String", refusal("a", Thread.class));
        assertEquals(
                "args[0]: a java.util.LinkedList never travels; found java.util.ArrayList",
                refusal(list(), type("linkedList")));
        assertEquals(
                "args[0]: a java.lang.Thread$State never travels; found java.lang.String",
                refusal("NEW", Thread.State.class));
    }

    @Test
    void shouldEndWhenAValueContainsItself() {
        List<Object> self = list();
        self.add(self);
        assertSame(self, convert(self, Object.class));
        assertSame(self, ((List<?>) convert(self, type("unbounded"))).get(0));
        Object[][][] cubes = (Object[][][]) convert(self, Object[][][].class);
        assertSame(self, cubes[0][0][0]);
        List<?> outer = (List<?>) convert(self, type("recursive"));
        assertSame(self, outer.get(0));
        assertEquals(
                "args[0][0]: expected java.lang.Long, found java.util.ArrayList", refusal(self, type("listOfLong")));
    }

    @Test
    void shouldShortenKeysInPaths() {
        String key = "k".repeat(100);
        assertEquals(
                "args[0].get(\"" + "k".repeat(40) + "...\"): expected java.util.List, found java.lang.Integer",
                refusal(Collections.singletonMap(key, 5), type("nested")));
    }
}
