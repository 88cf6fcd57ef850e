// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.wire.MessageHeader;
import java.nio.ByteBuffer;

/** Frames to measure with. Any thread. */
final class Frames {
    /** The handle that they are for. */
    static final int HANDLE = 1000;

    private Frames() {}

    /** Returns a whole frame from one context to another, ready to be read; the layout is drawn at {@link MessageHeader}. */
    static ByteBuffer of(int src, int dst, int bodyBytes) {
        ByteBuffer frame = ByteBuffer.allocateDirect(MessageHeader.LENGTH + bodyBytes);
        frame.putShort((short) MessageHeader.ENC_PICKLE);
        frame.putInt(dst).putInt(src).putInt(src).putInt(HANDLE).putInt(0).putInt(bodyBytes);
        return frame.position(0);
    }
}
