// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.pickle.Tuple;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ValueConverterProperties {
    private static final List<Class<?>> NUMERIC = List.of(
            byte.class,
            short.class,
            int.class,
            long.class,
            float.class,
            double.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            BigInteger.class,
            Float.class,
            Double.class);

    /** A parameterized or array type made by a law. */
    private static final class Made implements ParameterizedType {
        private final Class<?> raw;
        private final Type[] arguments;

        Made(Class<?> raw, Type... arguments) {
            this.raw = raw;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public Type getOwnerType() {
            return null;
        }

        @Override
        public String toString() {
            return raw.getSimpleName() + Arrays.toString(arguments);
        }
    }

    /** An array of a type that is not a class. */
    private static final class MadeArray implements GenericArrayType {
        private final Type component;

        MadeArray(Type component) {
            this.component = component;
        }

        @Override
        public Type getGenericComponentType() {
            return component;
        }

        @Override
        public String toString() {
            return component + "[]";
        }
    }

    @Provide
    static Arbitrary<Object> numbers() {
        Arbitrary<BigInteger> near = Arbitraries.integers().between(0, 70).flatMap(bits -> Arbitraries.integers()
                .between(-2, 2)
                .map(offset -> BigInteger.ONE.shiftLeft(bits).add(BigInteger.valueOf(offset))));
        return Arbitraries.oneOf(
                Arbitraries.integers().map(BigInteger::valueOf).map(ValueConverterProperties::smallest),
                Arbitraries.longs().map(BigInteger::valueOf).map(ValueConverterProperties::smallest),
                near.map(ValueConverterProperties::smallest),
                near.map(BigInteger::negate).map(ValueConverterProperties::smallest),
                Arbitraries.doubles().map(number -> number),
                Arbitraries.floats().map(Float::doubleValue),
                Arbitraries.of(Double.NaN, -0.0, Double.POSITIVE_INFINITY, Double.MIN_VALUE));
    }

    /** Gives what a pickle of the integer is read as. */
    private static Object smallest(BigInteger number) {
        if (number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private static Arbitrary<Object> scalars() {
        return Arbitraries.oneOf(
                numbers(),
                Arbitraries.of(1, 2, 300, "a", "bc", "", true, false, 1.5),
                Arbitraries.just(null),
                Arbitraries.of(new byte[] {1}, Tuple.of(1, "x")));
    }

    @Provide
    static Arbitrary<Object> values() {
        return values(3);
    }

    private static Arbitrary<Object> values(int depth) {
        if (depth == 0) {
            return scalars();
        }
        Arbitrary<Object> inner = Arbitraries.lazy(() -> values(depth - 1));
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, scalars()),
                net.jqwik.api.Tuple.of(2, inner.list().ofMaxSize(4).map(ArrayList::new)),
                net.jqwik.api.Tuple.of(
                        1,
                        Arbitraries.maps(Arbitraries.of(1, 2L, "a", "b", true), inner)
                                .ofMaxSize(3)
                                .map(LinkedHashMap::new)));
    }

    private static final Arbitrary<Type> LEAVES = Arbitraries.<Type>of(
            byte.class,
            short.class,
            int.class,
            long.class,
            float.class,
            double.class,
            boolean.class,
            char.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Boolean.class,
            Character.class,
            BigInteger.class,
            String.class,
            Object.class,
            Number.class,
            byte[].class,
            int[].class,
            Long[].class,
            short[][].class,
            Tuple.class,
            List.class,
            Map.class);

    @Provide
    static Arbitrary<Type> types() {
        return types(3);
    }

    private static Arbitrary<Type> types(int depth) {
        if (depth == 0) {
            return LEAVES;
        }
        Arbitrary<Type> inner = types(depth - 1);
        Arbitrary<Type> element = inner.map(type -> type instanceof Class ? Numbers.boxed((Class<?>) type) : type);
        return Arbitraries.oneOf(
                LEAVES,
                element.flatMap(
                        type -> Arbitraries.<Class<?>>of(List.class, Collection.class, Iterable.class, ArrayList.class)
                                .map(raw -> new Made(raw, type))),
                inner.map(MadeArray::new),
                element.map(type -> new Made(Map.class, Object.class, type)),
                element.map(type -> new Made(Map.class, String.class, type)));
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE)
    void shouldHoldNothingButTheDeclaredTypeWhenAccepted(@ForAll("values") Object value, @ForAll("types") Type type) {
        Object converted;
        try {
            converted = new ValueConverter().convert(value, type, "value");
        } catch (ConversionException refused) {
            assertTrue(refused.getMessage().startsWith("value"), refused.getMessage());
            return;
        }
        check(value, converted, type);
    }

    @Property
    void shouldKeepOrRefuseNumbers(@ForAll("numbers") Object number) {
        for (Class<?> type : NUMERIC) {
            boolean accepted = true;
            Object converted = null;
            try {
                converted = new ValueConverter().convert(number, type, "n");
            } catch (ConversionException refused) {
                accepted = false;
            }
            if (accepted) {
                assertSame(Numbers.boxed(type), converted.getClass());
                assertTrue(isSame(number, converted), number + " became " + converted);
            }
            assertEquals(fits(number, Numbers.boxed(type)), accepted, number + " to " + type);
        }
    }

    @Property
    void shouldReadBackWhatWasSent(@ForAll long[] sent, @ForAll float[] floats, @ForAll char[] chars) {
        List<Object> natural = new ArrayList<>();
        for (long number : sent) {
            natural.add(smallest(BigInteger.valueOf(number)));
        }
        assertTrue(Arrays.equals(sent, (long[]) new ValueConverter().convert(natural, long[].class, "n")));
        natural.clear();
        for (float number : floats) {
            natural.add((double) number);
        }
        assertTrue(Arrays.equals(floats, (float[]) new ValueConverter().convert(natural, float[].class, "n")));
        natural.clear();
        for (char letter : chars) {
            natural.add(String.valueOf(letter));
        }
        assertTrue(Arrays.equals(chars, (char[]) new ValueConverter().convert(natural, char[].class, "n")));
    }

    /** Walks the result beside the value: each part has the declared type and says the same. */
    private static void check(Object value, Object converted, Type type) {
        if (converted == null) {
            assertEquals(null, value);
            assertTrue(!(type instanceof Class) || !((Class<?>) type).isPrimitive());
            return;
        }
        if (type instanceof Class && !((Class<?>) type).isArray() || type == byte[].class) {
            Class<?> declared = Numbers.boxed((Class<?>) type);
            assertTrue(declared.isInstance(converted), () -> converted.getClass() + " is not a " + type);
            assertTrue(isSame(value, converted), () -> value + " became " + converted);
            return;
        }
        if (converted instanceof Map) {
            Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
            assertEquals(((Map<?, ?>) value).size(), ((Map<?, ?>) converted).size());
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                assertTrue(((Map<?, ?>) converted).containsKey(entry.getKey()));
                check(entry.getValue(), ((Map<?, ?>) converted).get(entry.getKey()), arguments[1]);
            }
            for (Object key : ((Map<?, ?>) converted).keySet()) {
                assertTrue(((Class<?>) arguments[0]).isInstance(key));
            }
            return;
        }
        List<?> items = (List<?>) value;
        Type element = type instanceof ParameterizedType
                ? ((ParameterizedType) type).getActualTypeArguments()[0]
                : type instanceof GenericArrayType
                        ? ((GenericArrayType) type).getGenericComponentType()
                        : ((Class<?>) type).getComponentType();
        boolean isArray = converted.getClass().isArray();
        assertSame(isArray ? ValueConverter.erasure(type) : ArrayList.class, converted.getClass());
        assertEquals(items.size(), isArray ? Array.getLength(converted) : ((List<?>) converted).size());
        for (int i = 0; i < items.size(); i++) {
            check(items.get(i), isArray ? Array.get(converted, i) : ((List<?>) converted).get(i), element);
        }
    }

    private static boolean isSame(Object value, Object converted) {
        if (value instanceof Number && converted instanceof Number) {
            double from = ((Number) value).doubleValue();
            double to = ((Number) converted).doubleValue();
            if (Double.isNaN(from) || Double.isInfinite(from)) {
                return Double.compare(from, to) == 0;
            }
            boolean sameZero = !(value instanceof Double) || Double.compare(from, to) == 0;
            return sameZero && exact((Number) value).compareTo(exact((Number) converted)) == 0;
        }
        return converted instanceof Character
                ? value.equals(converted.toString())
                : Objects.equals(value, converted) || value == converted;
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Double || number instanceof Float
                ? new BigDecimal(number.doubleValue())
                : new BigDecimal(number.toString());
    }

    /** Says by exact arithmetic what the converter must accept. */
    private static boolean fits(Object number, Class<?> type) {
        boolean floating = type == Float.class || type == Double.class;
        if (number instanceof Double) {
            double wide = (Double) number;
            return type == Double.class || type == Float.class && (Double.isNaN(wide) || (float) wide == wide);
        }
        BigInteger exact = new BigInteger(number.toString());
        if (floating) {
            double nearest = type == Float.class ? exact.floatValue() : exact.doubleValue();
            return !Double.isInfinite(nearest) && new BigDecimal(nearest).compareTo(new BigDecimal(exact)) == 0;
        }
        int bits = type == Byte.class ? 7 : type == Short.class ? 15 : type == Integer.class ? 31 : 63;
        return type == BigInteger.class || exact.bitLength() <= bits;
    }
}
