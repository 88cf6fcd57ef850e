// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where the fields of a frame lie.
 *
 * <pre>
 * 0      2        6        10       14       18         22       26
 * +------+--------+--------+--------+--------+----------+--------+------- - -
 * | enc  | dst_id | src_id | auth_id| handle | reply_to | length | body
 * +------+--------+--------+--------+--------+----------+--------+------- - -   big endian
 * </pre>
 *
 * <p>Source: {@code Message.HEADER_FMT} of {@code mitogen/core.py}, {@code >hLLLLLL}; the field {@code enc} was a constant
 * before Mitogen 0.3.39. Ids and handles are unsigned 32-bit numbers and are kept in {@code int}.
 */
public final class MessageHeader {
    /** Bytes of a header. */
    public static final int LENGTH = 26;

    /** Text, empty bodies, dead messages; before 0.3.39 everything. What every version accepts. */
    public static final int ENC_LEGACY = 0x4d49;

    /** A pickle, since 0.3.39. */
    public static final int ENC_PICKLE = 0x4d4a;

    /** Raw bytes, since 0.3.39. */
    public static final int ENC_BINARY = 0x4d4b;

    /** Frames whose body is longer than this are refused unless another limit is set: 128 MiB, as in Python. */
    public static final int DEFAULT_MAX_BODY_BYTES = 128 * 1024 * 1024;

    static final int ENC_AT = 0;
    static final int DST_AT = 2;
    static final int SRC_AT = 6;
    static final int AUTH_AT = 10;
    static final int HANDLE_AT = 14;
    static final int REPLY_TO_AT = 18;
    static final int LENGTH_AT = 22;

    private MessageHeader() {}

    static boolean isEncoding(int enc) {
        return enc >= ENC_LEGACY && enc <= ENC_BINARY;
    }

    /** Returns the body's length of the header at the position of {@code in}, after checking it and the encoding. */
    static int checkedLength(ByteBuffer in, int at, int maxBodyBytes) {
        if (!isEncoding(in.getShort(at + ENC_AT))) {
            byte[] found = new byte[LENGTH]; // mostly text, which whoever shows the message makes printable
            in.get(at, found);
            throw new CorruptStreamException("not a Mitogen frame: " + new String(found, StandardCharsets.UTF_8));
        }
        int length = in.getInt(at + LENGTH_AT);
        if (length < 0 || length > maxBodyBytes) {
            throw new CorruptStreamException("frame of " + Integer.toUnsignedString(length)
                    + " bytes is larger than the maximum message size of " + maxBodyBytes + " bytes");
        }
        return length;
    }
}
