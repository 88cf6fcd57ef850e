// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.call;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The numeric types that travel, ordered by how much they hold, and the conversions between them. Any thread. */
final class Numbers {
    private static final Class<?>[] PRIMITIVES = {
        byte.class,
        short.class,
        int.class,
        long.class,
        BigInteger.class,
        float.class,
        double.class,
        boolean.class,
        char.class,
        void.class
    };
    private static final Class<?>[] BOXES = {
        Byte.class,
        Short.class,
        Integer.class,
        Long.class,
        BigInteger.class,
        Float.class,
        Double.class,
        Boolean.class,
        Character.class,
        Void.class
    };
    private static final int BIG = 4;
    private static final int DOUBLE = 6;
    private static final int PRINTABLE_BITS = 128;

    private Numbers() {}

    /** Returns the class of what reflection passes for the type: the box of a primitive, else the type. */
    static Class<?> boxed(Class<?> type) {
        if (type.isPrimitive()) {
            for (int i = 0; i < PRIMITIVES.length; i++) {
                if (PRIMITIVES[i] == type) {
                    return BOXES[i];
                }
            }
        }
        return type;
    }

    static boolean isNumber(Class<?> boxed) {
        return order(boxed) >= 0;
    }

    /** Returns the place of a boxed type in the order of widening, from byte to double, or -1. */
    static int order(Class<?> boxed) {
        for (int i = 0; i <= DOUBLE; i++) {
            if (BOXES[i] == boxed) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Converts between two of the types.
     *
     * @param name the declared type, for the error
     * @throws ConversionException if it would lose anything
     */
    static Number convert(Number value, Class<?> boxed, String name) {
        boolean integral = order(value.getClass()) <= BIG;
        if (order(boxed) > BIG) {
            return toFloating(value, integral, boxed, name);
        }
        if (!integral) {
            throw new ConversionException(value + " is a float, expected " + name);
        }
        if (boxed == BigInteger.class) {
            return BigInteger.valueOf(value.longValue());
        }
        long number = value.longValue();
        if (value instanceof BigInteger && ((BigInteger) value).bitLength() > Long.SIZE - 1) {
            throw doesNotFit(value, name);
        }
        Number narrowed;
        if (boxed == Long.class) {
            narrowed = number;
        } else if (boxed == Integer.class) {
            narrowed = (int) number;
        } else if (boxed == Short.class) {
            narrowed = (short) number;
        } else {
            narrowed = (byte) number;
        }
        if (narrowed.longValue() != number) {
            throw doesNotFit(value, name);
        }
        return narrowed;
    }

    /** Returns the number as text, or its size if that would be long. */
    static String describe(Number value) {
        if (value instanceof BigInteger && ((BigInteger) value).bitLength() > PRINTABLE_BITS) {
            return "an integer of " + ((BigInteger) value).bitLength() + " bits";
        }
        return value.toString();
    }

    private static Number toFloating(Number value, boolean integral, Class<?> boxed, String name) {
        double wide = value.doubleValue();
        if (integral && !isExact(value, wide)) {
            throw doesNotFit(value, name);
        }
        if (boxed == Double.class) {
            return wide;
        }
        if (Double.compare((float) wide, wide) != 0) {
            throw doesNotFit(value, name);
        }
        return (float) wide;
    }

    private static boolean isExact(Number value, double wide) {
        if (value instanceof BigInteger) {
            return !Double.isInfinite(wide) && new BigDecimal(wide).compareTo(new BigDecimal((BigInteger) value)) == 0;
        }
        // Long.MAX_VALUE rounds up to 2^63, which the cast would bring back to Long.MAX_VALUE.
        return (long) wide == value.longValue() && value.longValue() != Long.MAX_VALUE;
    }

    private static ConversionException doesNotFit(Number value, String name) {
        return new ConversionException(describe(value) + " does not fit in " + name);
    }
}
