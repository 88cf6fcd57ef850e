// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/** Takes everything at once and keeps nothing but the count. One thread at a time. */
final class Discard extends StandInChannel implements GatheringByteChannel {
    private long bytes;

    Discard() throws IOException {
        super(true);
    }

    /** Returns how many bytes were written so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public int write(ByteBuffer from) {
        int count = from.remaining();
        from.position(from.limit());
        bytes += count;
        return count;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        long count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += write(from[i]);
        }
        return count;
    }

    @Override
    public long write(ByteBuffer[] from) {
        return write(from, 0, from.length);
    }
}
