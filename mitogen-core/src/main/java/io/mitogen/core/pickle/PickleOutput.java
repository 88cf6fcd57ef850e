// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.MitogenException.Blame;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Growing bytes of a pickle, and the values that need no others. Long byte strings are not copied but become parts of their own
 * between the others. One thread at a time.
 */
final class PickleOutput {
    private static final int PROTOCOL = 2;
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;
    private static final int SHORT_PUT = 2;
    private static final int LONG_PUT = 5;

    /** Byte strings from this size on are not copied. */
    private static final int LONG_STRING = 32 * 1024;

    private byte[] data = new byte[128];
    private int size;
    private byte[][] strings = new byte[0][]; // the long ones, in order
    private int[] stringsAt = new int[0]; // where each belongs in data
    private long stringBytes;

    PickleOutput() {
        data[size++] = (byte) Opcode.PROTO;
        data[size++] = PROTOCOL;
    }

    int position() {
        return size;
    }

    void opcode(int opcode) {
        reserve(1);
        data[size++] = (byte) opcode;
    }

    private void reserve(long length) {
        if (length > data.length - size) {
            long wanted = Math.max(2L * data.length, size + length);
            checkSize(size + length);
            data = Arrays.copyOf(data, (int) Math.min(wanted, MAX_SIZE));
        }
    }

    private void checkSize(long size) {
        if (size + stringBytes > MAX_SIZE) {
            throw new PickleException(Blame.CALLER, "the pickle would be longer than 2 GiB");
        }
    }

    private void opcodeAndI32(int opcode, int value) {
        reserve(LONG_PUT);
        size = putI32(data, size, opcode, value);
    }

    private static int putI32(byte[] target, int at, int opcode, int value) {
        target[at] = (byte) opcode;
        target[at + 1] = (byte) value;
        target[at + 2] = (byte) (value >> 8);
        target[at + 3] = (byte) (value >> 16);
        target[at + 4] = (byte) (value >> 24);
        return at + LONG_PUT;
    }

    void integer(int value) {
        if (value >= 0 && value <= 0xff) {
            reserve(2);
            data[size++] = (byte) Opcode.BININT1;
            data[size++] = (byte) value;
        } else if (value >= 0 && value <= 0xffff) {
            reserve(3);
            data[size++] = (byte) Opcode.BININT2;
            data[size++] = (byte) value;
            data[size++] = (byte) (value >> 8);
        } else {
            opcodeAndI32(Opcode.BININT, value);
        }
    }

    /** Writes a number in the form for long ones, however small it is: what reads it back knows its type. */
    void longInteger(long value) {
        int length = value == 0 ? 0 : 1;
        while (length < Long.BYTES && value >> 8 * length - 1 != value >> Long.SIZE - 1) {
            length++;
        }
        reserve(2 + length);
        data[size++] = (byte) Opcode.LONG1;
        data[size++] = (byte) length;
        for (int i = 0; i < length; i++) {
            data[size++] = (byte) (value >> 8 * i);
        }
    }

    void longInteger(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            longInteger(value.longValue());
            return;
        }
        byte[] bytes = value.toByteArray();
        if (bytes.length <= 0xff) {
            reserve(2 + bytes.length);
            data[size++] = (byte) Opcode.LONG1;
            data[size++] = (byte) bytes.length;
        } else {
            opcodeAndI32(Opcode.LONG4, bytes.length);
            reserve(bytes.length);
        }
        for (int i = bytes.length - 1; i >= 0; i--) {
            data[size++] = bytes[i];
        }
    }

    void real(double value) {
        reserve(9);
        data[size++] = (byte) Opcode.BINFLOAT;
        long bits = Double.doubleToLongBits(value);
        for (int shift = 56; shift >= 0; shift -= 8) {
            data[size++] = (byte) (bits >> shift);
        }
    }

    /** Writes a text; most are ASCII, and are copied on the bet that this one is. */
    void text(String text) {
        int length = text.length();
        reserve(LONG_PUT + (long) length);
        int start = size;
        int at = start + LONG_PUT;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                longText(text);
                return;
            }
            data[at + i] = (byte) c;
        }
        putI32(data, start, Opcode.BINUNICODE, length);
        size = at + length;
    }

    private void longText(String text) {
        long length = Utf8.length(text);
        reserve(LONG_PUT + length);
        size = putI32(data, size, Opcode.BINUNICODE, (int) length);
        size = Utf8.encode(text, data, size);
    }

    void bytes(byte[] bytes) {
        if (bytes.length <= 0xff) {
            reserve(2);
            data[size++] = (byte) Opcode.SHORT_BINSTRING;
            data[size++] = (byte) bytes.length;
        } else {
            opcodeAndI32(Opcode.BINSTRING, bytes.length);
        }
        if (bytes.length >= LONG_STRING) {
            stringBytes += bytes.length;
            checkSize(size);
            int count = strings.length;
            strings = Arrays.copyOf(strings, count + 1);
            stringsAt = Arrays.copyOf(stringsAt, count + 1);
            strings[count] = bytes;
            stringsAt[count] = size;
        } else {
            reserve(bytes.length);
            System.arraycopy(bytes, 0, data, size, bytes.length);
            size += bytes.length;
        }
    }

    /** Writes the name of a global, {@code lines} being its module and name with a line feed behind each. */
    void global(String lines) {
        long length = Utf8.length(lines);
        opcode(Opcode.GLOBAL);
        reserve(length);
        size = Utf8.encode(lines, data, size);
    }

    void get(int index) {
        if (index <= 0xff) {
            reserve(2);
            data[size++] = (byte) Opcode.BINGET;
            data[size++] = (byte) index;
        } else {
            opcodeAndI32(Opcode.LONG_BINGET, index);
        }
    }

    /**
     * Ends the pickle and returns its parts, with a PUT at each given place: every second one is a long byte string itself.
     *
     * @param puts the position in the high 32 bits, the memo's index in the low ones; sorted here
     */
    byte[][] finish(long[] puts) {
        opcode(Opcode.STOP);
        Arrays.sort(puts);
        checkSize(size + (long) LONG_PUT * puts.length);
        byte[][] parts = new byte[2 * strings.length + 1][];
        int from = 0;
        int put = 0;
        for (int i = 0; i < parts.length; i += 2) {
            boolean isLast = i == parts.length - 1;
            int to = isLast ? size : stringsAt[i / 2];
            int firstPut = put;
            while (put < puts.length && puts[put] >> 32 < to) { // a PUT at the place of a string is the string's own
                put++;
            }
            parts[i] = part(from, to, puts, firstPut, put);
            if (!isLast) {
                parts[i + 1] = strings[i / 2];
            }
            from = to;
        }
        return parts;
    }

    private byte[] part(int from, int to, long[] puts, int firstPut, int lastPut) {
        if (firstPut == lastPut) {
            return Arrays.copyOfRange(data, from, to);
        }
        int length = to - from;
        for (int i = firstPut; i < lastPut; i++) {
            length += (int) puts[i] <= 0xff ? SHORT_PUT : LONG_PUT;
        }
        byte[] part = new byte[length];
        int at = 0;
        for (int i = firstPut; i < lastPut; i++) {
            int position = (int) (puts[i] >> 32);
            System.arraycopy(data, from, part, at, position - from);
            at += position - from;
            from = position;
            int index = (int) puts[i];
            if (index <= 0xff) {
                part[at++] = (byte) Opcode.BINPUT;
                part[at++] = (byte) index;
            } else {
                at = putI32(part, at, Opcode.LONG_BINPUT, index);
            }
        }
        System.arraycopy(data, from, part, at, to - from);
        return part;
    }
}
