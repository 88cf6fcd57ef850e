// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.foreign;

import io.mitogen.core.wire.MessageHeader;

/** Knows where in a stream of bytes the frames end. Checks nothing: who reads them does. One thread at a time. */
final class FrameCounter {
    private static final int LENGTH_AT = MessageHeader.LENGTH - Integer.BYTES; // the header's last field

    private int headerBytes; // of the frame under way
    private long length;
    private long bodyLeft;

    /** Counts bytes that pass. */
    void count(byte[] bytes, int offset, int count) {
        int end = offset + count;
        int at = offset;
        while (at < end) {
            if (headerBytes < MessageHeader.LENGTH) {
                if (headerBytes >= LENGTH_AT) {
                    length = length << Byte.SIZE | bytes[at] & 0xff;
                }
                headerBytes++;
                at++;
                bodyLeft = length;
            } else {
                int part = (int) Math.min(bodyLeft, end - at);
                at += part;
                bodyLeft -= part;
            }
            if (headerBytes == MessageHeader.LENGTH && bodyLeft == 0) {
                headerBytes = 0;
                length = 0;
            }
        }
    }

    /** Tells whether what passed last was the end of a frame, or nothing. */
    boolean isBetweenFrames() {
        return headerBytes == 0;
    }
}
