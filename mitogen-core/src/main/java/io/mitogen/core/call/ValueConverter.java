// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import io.mitogen.core.Nullable;
import io.mitogen.core.pickle.Blob;
import io.mitogen.core.pickle.Bytearray;
import io.mitogen.core.pickle.Bytes;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Reducible;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.pickle.Tuple;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the natural values a message is read as into the generic type a method declares, so that a {@code List<Long>} holds
 * nothing but {@code Long}s. The static methods are for any thread; an instance serves one call, one thread at a time. A value that
 * already fits may be passed on as it is. A container is copied once for each declared type, so places of one type go on sharing
 * it.
 *
 * <p>What becomes what:
 * <ul>
 * <li>integers: any integral type that holds the value, and float or double where it is exact; {@code BigInteger} too;
 * <li>floats: double, and float where it is exact; never an integral type;
 * <li>{@code String}: also a {@code char} if it has one;
 * <li>{@code byte[]}, {@code Blob}, {@code Bytearray}, {@code Bytes}, {@code Tuple}, {@code Kwargs}, {@code Secret}: only
 * themselves, so which of the byte types was sent stays visible;
 * <li>lists: {@code List}, {@code Collection}, {@code Iterable}, {@code ArrayList} and arrays of all but byte; no sets;
 * <li>dicts: {@code Map}, {@code HashMap}, {@code LinkedHashMap}, keys converted as well;
 * <li>{@code Object}, {@code Number}, {@code CharSequence}, raw types and unbounded wildcards: the natural value;
 * <li>type variables and wildcards: their upper bounds, those of a variable inside its own bound by erasure only;
 * <li>null: every reference type; {@code void} takes anything and makes it null.
 * </ul>
 */
final class ValueConverter {
    private static final Class<?>[] PLAIN = {
        Boolean.class,
        Character.class,
        String.class,
        Tuple.class,
        Kwargs.class,
        Blob.class,
        Bytearray.class,
        Bytes.class,
        Secret.class,
        byte[].class
    };

    private final Map<Type, Map<Object, Object>> copies =
            new IdentityHashMap<>(1); // of containers, by declared type and original

    /** Makes a converter for the values of one call, which may share containers. */
    ValueConverter() {}

    /**
     * Converts {@code value} to {@code target}. Cycles in the value are harmless: the depth of the walk is that of the type.
     *
     * @param path names the value in errors
     * @throws ConversionException if it cannot become that type without loss
     */
    @Nullable
    Object convert(@Nullable Object value, Type target, String path) {
        try {
            return to(value, target, false);
        } catch (ConversionException problem) {
            throw problem.under(path);
        }
    }

    /** Returns whether some value that travels is an instance of the type. */
    static boolean isTransferable(Class<?> type) {
        Class<?> boxed = Numbers.boxed(type);
        if (type.isArray()) {
            return isTransferable(type.getComponentType());
        }
        if (Numbers.isNumber(boxed) || Reducible.class.isAssignableFrom(type)) {
            return true;
        }
        for (Class<?> plain : PLAIN) {
            if (boxed.isAssignableFrom(plain)) {
                return true;
            }
        }
        return type.isAssignableFrom(Integer.class)
                || type.isAssignableFrom(ArrayList.class)
                || type.isAssignableFrom(LinkedHashMap.class);
    }

    /** Returns whether the value may be sent, as far as its own class tells; what it contains is not looked at. */
    static boolean mayTravel(Object value) {
        Class<?> type = value.getClass();
        return value instanceof List || value instanceof Map || type != Object.class && isTransferable(type);
    }

    /** Returns the class the virtual machine sees where {@code type} is declared. */
    static Class<?> erasure(Type type) {
        if (type instanceof Class) {
            return (Class<?>) type;
        }
        if (type instanceof ParameterizedType) {
            return (Class<?>) ((ParameterizedType) type).getRawType();
        }
        if (type instanceof GenericArrayType) {
            Class<?> component = erasure(((GenericArrayType) type).getGenericComponentType());
            return Array.newInstance(component, 0).getClass();
        }
        return erasure(type instanceof WildcardType ? ((WildcardType) type).getUpperBounds()[0] : bounds(type)[0]);
    }

    private static Type[] bounds(Type variable) {
        return ((TypeVariable<?>) variable).getBounds();
    }

    @Nullable
    private Object to(@Nullable Object value, Type target, boolean insideVariable) {
        if (target instanceof Class) {
            return toClass(value, (Class<?>) target);
        }
        if (target instanceof WildcardType) {
            return to(value, ((WildcardType) target).getUpperBounds()[0], insideVariable);
        }
        if (target instanceof TypeVariable) {
            Object converted = value;
            for (Type bound : bounds(target)) {
                converted = insideVariable ? toClass(converted, erasure(bound)) : to(converted, bound, true);
            }
            return converted;
        }
        return value == null ? null : toGeneric(value, target, insideVariable);
    }

    /** Converts to a parameterized or array type. */
    private Object toGeneric(Object value, Type target, boolean insideVariable) {
        Map<Object, Object> ofType = copies.get(target);
        if (ofType == null) {
            ofType = new IdentityHashMap<>();
            copies.put(target, ofType);
        }
        Object copy = ofType.get(value);
        if (copy == null) {
            copy = target instanceof ParameterizedType
                    ? toParameterized(value, (ParameterizedType) target, insideVariable)
                    : toArray(value, componentOf(target), insideVariable);
            ofType.put(value, copy);
        }
        return copy;
    }

    /** Returns the type of the items of an array type. */
    static Type componentOf(Type array) {
        return array instanceof Class
                ? ((Class<?>) array).getComponentType()
                : ((GenericArrayType) array).getGenericComponentType();
    }

    @Nullable
    private Object toClass(@Nullable Object value, Class<?> target) {
        if (target == void.class) {
            return null;
        }
        if (value == null) {
            if (target.isPrimitive()) {
                throw new ConversionException("null cannot become " + target.getName());
            }
            return null;
        }
        Class<?> boxed = Numbers.boxed(target);
        if (boxed.isInstance(value)) {
            return value;
        }
        if (Numbers.isNumber(boxed) && Numbers.isNumber(value.getClass())) {
            return Numbers.convert((Number) value, boxed, target.getName());
        }
        if (boxed == Character.class && value instanceof String && ((String) value).length() == 1) {
            return ((String) value).charAt(0);
        }
        if (boxed == String.class && value instanceof Character) {
            return value.toString();
        }
        if (target.isArray()) {
            return toGeneric(value, target, false);
        }
        throw mismatch(value, target);
    }

    private Object toArray(Object value, Type component, boolean insideVariable) {
        Class<?> erased = erasure(component);
        if (!(value instanceof List) || erased == byte.class) {
            throw mismatch(value, Array.newInstance(erased, 0).getClass());
        }
        List<Object> items = toList((List<?>) value, component, insideVariable);
        Object array = Array.newInstance(erased, items.size());
        if (array instanceof Object[]) {
            return items.toArray((Object[]) array);
        }
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, items.get(i));
        }
        return array;
    }

    private Object toParameterized(Object value, ParameterizedType target, boolean insideVariable) {
        Class<?> raw = (Class<?>) target.getRawType();
        Type[] arguments = target.getActualTypeArguments();
        if (value instanceof List && raw.isAssignableFrom(ArrayList.class)) {
            return toList((List<?>) value, arguments[0], insideVariable);
        }
        if (value instanceof Map && raw.isAssignableFrom(LinkedHashMap.class)) {
            return toMap((Map<?, ?>) value, arguments[0], arguments[1], insideVariable);
        }
        if (raw == Comparable.class) {
            Object item = arguments[0] instanceof Class ? toClass(value, (Class<?>) arguments[0]) : value;
            return toClass(item, raw);
        }
        if (value instanceof Reducible && raw.isInstance(value)) {
            return value;
        }
        throw mismatch(value, raw);
    }

    private List<Object> toList(List<?> value, Type element, boolean insideVariable) {
        List<Object> converted = new ArrayList<>(value.size());
        for (Object item : value) {
            try {
                converted.add(to(item, element, insideVariable));
            } catch (ConversionException problem) {
                throw problem.under("[" + converted.size() + "]");
            }
        }
        return converted;
    }

    private Map<Object, Object> toMap(Map<?, ?> value, Type keyType, Type valueType, boolean insideVariable) {
        Map<Object, Object> converted = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            int before = converted.size();
            Object key;
            try {
                key = to(entry.getKey(), keyType, insideVariable);
            } catch (ConversionException problem) {
                throw problem.under(".key(" + describeKey(entry.getKey()) + ")");
            }
            try {
                converted.put(key, to(entry.getValue(), valueType, insideVariable));
            } catch (ConversionException problem) {
                throw problem.under(".get(" + describeKey(entry.getKey()) + ")");
            }
            if (converted.size() == before) {
                throw new ConversionException("two keys become " + describeKey(key));
            }
        }
        return converted;
    }

    private static String describeKey(@Nullable Object key) {
        if (key instanceof String) {
            String text = (String) key;
            return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
        }
        if (key instanceof Number) {
            return Numbers.describe((Number) key);
        }
        return key == null || key instanceof Boolean
                ? String.valueOf(key)
                : key.getClass().getTypeName();
    }

    private static ConversionException mismatch(Object value, Class<?> target) {
        if (!isTransferable(target)) {
            return new ConversionException("a " + target.getTypeName() + " never travels; found "
                    + value.getClass().getTypeName());
        }
        String found = value instanceof String && target == char.class
                ? "a String of " + ((String) value).length() + " chars"
                : value.getClass().getTypeName();
        return new ConversionException("expected " + target.getTypeName() + ", found " + found);
    }
}
