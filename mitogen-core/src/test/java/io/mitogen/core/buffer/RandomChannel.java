// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.buffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Random;

/** A channel that takes as much of each write as it likes. One thread at a time. */
final class RandomChannel implements GatheringByteChannel {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    int largestHeapOffer;
    int failAtWrite = Integer.MAX_VALUE;
    private final Random random;
    private int writes;

    RandomChannel(long seed) {
        random = new Random(seed);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (writes++ == failAtWrite) {
            throw new IOException("told to fail");
        }
        int offered = 0;
        for (int i = offset; i < offset + length; i++) {
            offered += sources[i].remaining();
            if (!sources[i].isDirect()) {
                largestHeapOffer = Math.max(largestHeapOffer, sources[i].remaining());
            }
        }
        int takes = random.nextInt(3) == 0 ? offered : random.nextInt(offered + 1);
        int left = takes;
        for (int i = offset; i < offset + length && left > 0; i++) {
            byte[] part = new byte[Math.min(left, sources[i].remaining())];
            sources[i].get(part);
            taken.writeBytes(part);
            left -= part.length;
        }
        return takes;
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
