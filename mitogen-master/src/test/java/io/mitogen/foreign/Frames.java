// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes frames, and takes streams of them apart. */
final class Frames {
    static final int CHILD = 7;
    static final int PARENT = 2;

    private Frames() {}

    /** Returns a frame from the child. */
    static byte[] frame(int handle, int dst, byte[] body) {
        return ByteBuffer.allocate(26 + body.length)
                .putShort((short) 0x4d49)
                .putInt(dst)
                .putInt(CHILD)
                .putInt(CHILD)
                .putInt(handle)
                .putInt(0)
                .putInt(body.length)
                .put(body)
                .array();
    }

    static byte[] frame(int handle, int dst, String body) {
        return frame(handle, dst, body.getBytes(StandardCharsets.UTF_8));
    }
}
