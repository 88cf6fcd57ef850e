// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException.Blame;
import io.mitogen.core.Nullable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds keys that differ in a map but are equal to some reader of its pickle, where an entry would vanish. Most maps have keys of
 * one type and are not checked. Any thread.
 */
final class KeyClash {
    /*
     * A JVM reads every short as an Integer and every char as a String. Python merges equal numbers of any type, booleans
     * included, bytes and Blob, text and Secret; Python 2 also bytes and text in ASCII. Contexts are their ids.
     */
    private static final String CONTEXT = "_unpickle_context";

    private static final int MAX_SHOWN = 40;

    private KeyClash() {}

    /**
     * Throws the refusal if there are two. Keys that may not be sent anyway are left to the writer; those made of arguments that could
     * not be compared count as different.
     */
    static void check(Map<?, ?> map) {
        Map<Object, Object> seen = new HashMap<>();
        for (Object key : map.keySet()) {
            Object compared = key instanceof Reducible ? ((Reducible) key).arguments() : key;
            if (key instanceof byte[] || Keys.refusal(compared) == null) {
                Object merged = merged(key);
                if (seen.containsKey(merged)) {
                    throw new PickleException(
                            Blame.CALLER,
                            "the keys " + describe(seen.get(merged)) + " and " + describe(key)
                                    + " become one where they are read, so an entry would vanish: give all keys one type",
                            null);
                }
                seen.put(merged, key);
            }
        }
    }

    /** Returns a value that is equal for keys that some reader merges. */
    private static @Nullable Object merged(@Nullable Object key) {
        if (key instanceof Number) {
            return number((Number) key);
        } else if (key instanceof Boolean) {
            return (Boolean) key ? 1L : 0L;
        } else if (key instanceof Character) {
            return key.toString();
        } else if (key instanceof Secret) {
            return ((Secret) key).reveal();
        } else if (key instanceof byte[]) {
            return bytes(Bytes.of((byte[]) key));
        } else if (key instanceof Bytes) {
            return bytes((Bytes) key);
        } else if (key instanceof Blob) {
            return bytes(Bytes.of(((Blob) key).lentBytes()));
        } else if (key instanceof Tuple) {
            return tuple((Tuple) key);
        } else if (key instanceof Reducible) {
            Reducible made = (Reducible) key;
            Tuple arguments = made.arguments();
            boolean isContext = CONTEXT.equals(made.globalName()) && arguments.size() > 0;
            return List.of(
                    made.globalModule(), made.globalName(), tuple(isContext ? Tuple.of(arguments.get(0)) : arguments));
        }
        return key;
    }

    private static Object number(Number key) {
        if (key instanceof Double || key instanceof Float) {
            double value = key.doubleValue();
            return value == Math.rint(value) && !Double.isInfinite(value)
                    ? PickleInput.longOrBig(new BigDecimal(value).toBigInteger())
                    : (Object) value;
        }
        return key instanceof BigInteger ? PickleInput.longOrBig((BigInteger) key) : (Object) key.longValue();
    }

    private static Object bytes(Bytes key) {
        StringBuilder text = new StringBuilder();
        for (byte each : key.lentBytes()) {
            if (each < 0) {
                return key;
            }
            text.append((char) each);
        }
        return text.toString();
    }

    private static Tuple tuple(Tuple key) {
        Object[] items = new Object[key.size()];
        for (int i = 0; i < items.length; i++) {
            items[i] = merged(key.get(i));
        }
        return Tuple.of(items);
    }

    private static String describe(@Nullable Object key) {
        if (key == null) {
            return "null";
        }
        String type = key.getClass().getTypeName();
        if (key instanceof String || key instanceof Character || key instanceof Number || key instanceof Boolean) {
            String text = key.toString();
            String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
            String quote = key instanceof String ? "\"" : key instanceof Character ? "'" : "";
            return quote + shown + quote + " (" + type + ")";
        }
        return "a " + type;
    }
}
