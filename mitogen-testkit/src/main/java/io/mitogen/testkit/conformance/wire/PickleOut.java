// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes pickles of protocol 2 with the opcodes that every Python Mitogen reads, without a memo unless told otherwise: {@code 80 02}, the value, {@code 2e}. One thread
 * at a time.
 *
 * <p>Takes null, {@link Boolean}, whole numbers, {@link Double}, {@link String}, {@code byte[]}, and the types of this package, lists and maps of
 * them. Numbers inside are little endian, but for floats.
 */
public final class PickleOut {
    private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Map<Object, Integer> memo; // null when nothing is shared

    private PickleOut() {}

    public static byte[] toBytes(Object value) {
        PickleOut pickle = new PickleOut();
        pickle.op(0x80, 2);
        pickle.write(value);
        pickle.op('.');
        return pickle.out.toByteArray();
    }

    /** As {@link #toBytes}, but lists, dicts and tuples that are there twice are written once: they may contain themselves. */
    public static byte[] toBytesShared(Object value) {
        PickleOut pickle = new PickleOut();
        pickle.memo = new IdentityHashMap<>();
        pickle.op(0x80, 2);
        pickle.write(value);
        pickle.op('.');
        return pickle.out.toByteArray();
    }

    private void write(Object value) {
        if (value == null) {
            op('N');
        } else if (value instanceof Boolean) {
            op((Boolean) value ? 0x88 : 0x89);
        } else if (value instanceof BigInteger) {
            number((BigInteger) value);
        } else if (value instanceof Integer || value instanceof Long) {
            number(BigInteger.valueOf(((Number) value).longValue()));
        } else if (value instanceof Double) {
            op('G');
            big(Double.doubleToRawLongBits((Double) value));
        } else if (value instanceof String) {
            block('X', Text.encode((String) value));
        } else if (value instanceof byte[]) {
            bytes((byte[]) value);
        } else if (value instanceof Bytes) {
            bytes(((Bytes) value).array());
        } else if (value instanceof RawPickle) {
            raw(((RawPickle) value).opcodes());
        } else if (value instanceof Global) {
            global((Global) value);
        } else if (value instanceof Made) {
            global(((Made) value).by());
            write(((Made) value).arguments());
            op('R');
        } else {
            container(value);
        }
    }

    private void container(Object value) {
        if (memo != null && memo.containsKey(value)) {
            get(value);
        } else if (value instanceof Tuple) {
            tuple((Tuple) value);
        } else if (value instanceof List) {
            op(']');
            put(value);
            op('(');
            ((List<?>) value).forEach(this::write);
            op('e');
        } else if (value instanceof Map) {
            op('}');
            put(value);
            op('(');
            ((Map<?, ?>) value).forEach((key, item) -> {
                write(key);
                write(item);
            });
            op('u');
        } else {
            throw new PickleError("the kit does not write a " + value.getClass().getName());
        }
    }

    private void tuple(Tuple tuple) {
        List<Object> items = tuple.items();
        boolean marked = items.size() > 3 || memo != null;
        if (marked) {
            op('(');
        }
        items.forEach(this::write);
        if (memo != null && memo.containsKey(tuple)) {
            op('1'); // one of its own items has written it meanwhile
            get(tuple);
            return;
        }
        op(marked ? 't' : new int[] {')', 0x85, 0x86, 0x87}[items.size()]);
        put(tuple);
    }

    private void put(Object value) {
        if (memo != null) {
            op('r');
            little(memo.size());
            memo.put(value, memo.size());
        }
    }

    private void get(Object value) {
        op('j');
        little(memo.get(value));
    }

    private void number(BigInteger value) {
        if (value.compareTo(INT_MIN) >= 0 && value.compareTo(INT_MAX) <= 0) {
            int small = value.intValue();
            if (small >= 0 && small < 0x100) {
                op('K', small);
            } else if (small >= 0 && small < 0x10000) {
                op('M', small & 0xff, small >> 8);
            } else {
                op('J');
                little(small);
            }
            return;
        }
        byte[] big = value.toByteArray();
        if (big.length < 0x100) {
            op(0x8a, big.length);
        } else {
            op(0x8b);
            little(big.length);
        }
        for (int i = big.length - 1; i >= 0; i--) {
            op(big[i]);
        }
    }

    private void bytes(byte[] value) {
        if (value.length < 0x100) {
            op('U', value.length);
            raw(value);
        } else {
            block('T', value);
        }
    }

    private void global(Global global) {
        op('c');
        raw((global.module() + "\n" + global.name() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void block(int opcode, byte[] content) {
        op(opcode);
        little(content.length);
        raw(content);
    }

    private void op(int... bytes) {
        for (int each : bytes) {
            out.write(each);
        }
    }

    private void raw(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
    }

    private void little(int value) {
        op(value, value >> 8, value >> 16, value >> 24);
    }

    private void big(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (value >> shift));
        }
    }
}
