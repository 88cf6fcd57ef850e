// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** Receives from a selectable channel, which it owns, alone or with the transmit side of the same stream, on the broker thread. */
public final class ChannelReceiveSide implements ReceiveSide, SelectorPoller.Ready {
    /** Then others have their turn. */
    private static final int MAX_READS = 4;

    private final SelectableChannel channel;
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;

    /** Takes a channel that is readable as well. */
    public <C extends SelectableChannel & ReadableByteChannel> ChannelReceiveSide(C channel) {
        this.channel = channel;
    }

    @Override
    public void start(Stream stream) throws IOException {
        this.stream = stream;
        channel.configureBlocking(false);
        key = stream.broker().selector().register(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void onReady() {
        boolean isFull = true;
        for (int reads = 0; reads < MAX_READS && isFull && key != null; reads++) {
            isFull = read(stream.broker().receiveBuffer());
        }
    }

    /** Returns whether the buffer was filled, so that there may be more. */
    private boolean read(ByteBuffer buffer) {
        int count;
        try {
            count = ((ReadableByteChannel) channel).read(buffer);
        } catch (IOException e) {
            stream.onFailure(e);
            return false;
        }
        boolean isFull = !buffer.hasRemaining();
        if (count < 0) {
            stream.onEnd();
        } else {
            stream.onBytes(buffer.flip());
        }
        return isFull;
    }

    @Override
    public void close() {
        Channels.close(channel, key, stream, SelectionKey.OP_READ);
        key = null;
    }
}
