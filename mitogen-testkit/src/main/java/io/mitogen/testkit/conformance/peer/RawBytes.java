// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Repr;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.InflaterInputStream;

/** Tells people what bytes are that a case did not write as frames. Any thread. */
final class RawBytes {
    private static final int ZLIB = 0x78;
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private RawBytes() {}

    static String describe(byte[] bytes) {
        String count = bytes.length + " bytes";
        if (bytes.length >= Frame.HEADER_BYTES && bytes[0] == 'M') {
            return count + ", as a header: " + header(ByteBuffer.wrap(bytes));
        }
        return bytes.length > 2 && bytes[0] == ZLIB ? count + lastLine(bytes) : count;
    }

    private static String header(ByteBuffer bytes) {
        return "enc " + Integer.toHexString(bytes.getShort() & 0xffff)
                + ", dst_id " + Integer.toUnsignedString(bytes.getInt())
                + ", src_id " + Integer.toUnsignedString(bytes.getInt())
                + ", auth_id " + Integer.toUnsignedString(bytes.getInt())
                + ", handle " + Integer.toUnsignedString(bytes.getInt())
                + ", reply_to " + Integer.toUnsignedString(bytes.getInt())
                + ", length " + Integer.toUnsignedString(bytes.getInt());
    }

    /** Returns the line of a preamble that is for the child, if it is one. */
    private static String lastLine(byte[] bytes) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            String text = new String(in.readNBytes(MAX_TEXT_BYTES), StandardCharsets.UTF_8).strip();
            return ", zlib of a text with the last line " + Repr.of(text.substring(text.lastIndexOf('\n') + 1));
        } catch (IOException expected) { // a part of it, or something else
            return "";
        }
    }
}
