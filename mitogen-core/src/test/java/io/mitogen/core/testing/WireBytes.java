// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.wire.FrameReader;
import io.mitogen.core.wire.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Frames as bytes, laid out by hand and not by the code under test. Any thread. */
public final class WireBytes {
    private static final int ENC = 0x4d49;
    private static final int HEADER = 26;

    private WireBytes() {}

    /** Returns a frame of the legacy encoding. */
    public static byte[] frame(int dst, int src, int auth, int handle, int replyTo, byte[] body) {
        return header(body, body.length, ENC, dst, src, auth, handle, replyTo);
    }

    /** Returns a frame whose body is text. */
    public static byte[] frame(int dst, int src, int auth, int handle, int replyTo, String body) {
        return frame(dst, src, auth, handle, replyTo, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a header that claims a body of {@code length} bytes. */
    public static byte[] headerClaiming(int length) {
        return header(new byte[0], length, ENC, 0, 1, 1, 100, 0);
    }

    /** Returns a frame of any encoding. */
    public static byte[] encoded(int enc, int dst, int handle, byte[] body) {
        return header(body, body.length, enc, dst, 0, 0, handle, 0);
    }

    private static byte[] header(byte[] body, int length, int enc, int... ids) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + body.length).putShort((short) enc);
        for (int id : ids) {
            frame.putInt(id);
        }
        return frame.putInt(length).put(body).array();
    }

    /** Returns all parts behind each other. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Returns the messages in {@code bytes}, which ends behind a frame. */
    public static List<Message> messages(byte[] bytes) {
        List<Message> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        new FrameReader(new BufferPool(1024, 4), Integer.MAX_VALUE, 0)
                .feed(in, frame -> messages.add(frame.toMessage()));
        return messages;
    }

    /** Returns {@code dst src auth handle reply text}, the ids as unsigned numbers. */
    public static String show(Message message) {
        return Integer.toUnsignedString(message.dst()) + " " + Integer.toUnsignedString(message.src()) + " "
                + Integer.toUnsignedString(message.auth()) + " " + Integer.toUnsignedString(message.handle()) + " "
                + Integer.toUnsignedString(message.replyTo()) + " " + message.text();
    }

    /** Returns {@code count} bytes that tell their place. */
    public static byte[] pattern(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8) * 7);
        }
        return bytes;
    }

    public static byte[] unhex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
