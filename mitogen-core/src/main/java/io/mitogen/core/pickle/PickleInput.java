// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.pickle;

import io.mitogen.core.Nullable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a pickle and a position in them. Checks every length before it allocates. One thread at a time.
 *
 * <p>The bytes may come in parts. Where one of them is a byte string of the pickle, whole, it is given out itself; anything else
 * that crosses from one part to the next costs a copy of both.
 */
final class PickleInput {
    /** Longer whole numbers would come near the limit of {@link BigInteger}. */
    private static final int MAX_LONG_BYTES = 1 << 27;

    private final byte[][] parts;
    private int next; // the part behind data
    private byte[] data;
    private int end;
    private int at;
    private int before; // bytes of the parts before data

    PickleInput(byte[] data, int offset, int length) {
        this.parts = new byte[0][];
        this.data = data;
        this.at = offset;
        this.end = offset + length;
    }

    PickleInput(byte[][] parts) {
        this.parts = parts;
        this.data = parts[0];
        this.end = data.length;
        this.next = 1;
    }

    boolean isEmpty() {
        return at == end;
    }

    int position() {
        return before + at;
    }

    /** Makes the next part, behind what is left of this one, the one that is read. */
    private void join() {
        byte[] part = parts[next++];
        before += at;
        if (at < end) {
            part = PickleWriter.join(new byte[][] {Arrays.copyOfRange(data, at, end), part});
        }
        data = part;
        at = 0;
        end = part.length;
    }

    /** Moves on by {@code length} bytes and returns where they start. */
    private int take(long length) {
        while (length > end - at && next < parts.length) {
            join();
        }
        if (length < 0 || length > end - at) {
            throw PickleException.peer(length + " bytes are announced, " + (end - at) + " are left");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    int u8() {
        int start = take(1); // which may replace data
        return data[start] & 0xff;
    }

    int u16() {
        int start = take(2);
        return data[start] & 0xff | (data[start + 1] & 0xff) << 8;
    }

    int i32() {
        int start = take(4);
        return data[start] & 0xff
                | (data[start + 1] & 0xff) << 8
                | (data[start + 2] & 0xff) << 16
                | data[start + 3] << 24;
    }

    long u32() {
        return i32() & 0xffffffffL;
    }

    /** Reads 64 bits; numbers from 2^63 come out negative, and no length is. */
    long i64() {
        long low = u32();
        return low | (long) i32() << 32;
    }

    /** Reads a double, the one big-endian item of the format. */
    double f64() {
        int start = take(8);
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | data[start + i] & 0xff;
        }
        return Double.longBitsToDouble(bits);
    }

    byte[] bytes(long length) {
        if (at == end && next < parts.length && length == parts[next].length) {
            join();
            at = end;
            return data;
        }
        int start = take(length);
        return Arrays.copyOfRange(data, start, at);
    }

    String text(long length) {
        int start = take(length);
        @Nullable String text = Utf8.decode(data, start, (int) length);
        if (text == null) {
            throw PickleException.peer("a text of " + length + " bytes is not UTF-8");
        }
        return text;
    }

    /** Reads a whole number in two's complement, low byte first, as a Long if it fits; no bytes at all are 0. */
    Number number(long length) {
        int start = take(length);
        if (length > MAX_LONG_BYTES) {
            throw PickleException.peer("a whole number of " + length + " bytes");
        }
        if (length == 0) {
            return 0L;
        }
        if (length <= Long.BYTES) {
            long value = data[at - 1];
            for (int i = at - 2; i >= start; i--) {
                value = value << 8 | data[i] & 0xff;
            }
            return value;
        }
        byte[] reversed = new byte[(int) length];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = data[at - 1 - i];
        }
        return longOrBig(new BigInteger(reversed));
    }

    /** Returns a number that was written as a long one: a Long if it fits, however small it is. */
    static Number longOrBig(BigInteger value) {
        // No conditional expression: it would make a long of both branches.
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    /** Skips the length of a frame, which must not reach beyond the input. */
    void frame() {
        long length = i64();
        int start = take(length);
        at = start;
    }

    /** Reads up to a line feed, which is not part of the result, as one character per byte. */
    String line() {
        int start = at;
        for (int i = start; i < end; i++) {
            if (data[i] == '\n') {
                at = i + 1;
                return new String(data, start, i - start, StandardCharsets.ISO_8859_1);
            }
        }
        if (next < parts.length) {
            join();
            return line();
        }
        throw PickleException.peer("a line has no end");
    }

    /** Reads a line of UTF-8. */
    String name() {
        byte[] bytes = line().getBytes(StandardCharsets.ISO_8859_1);
        @Nullable String name = Utf8.decode(bytes, 0, bytes.length);
        if (name == null) {
            throw PickleException.peer("a name is not UTF-8");
        }
        return name;
    }
}
