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
        ByteBuffer buffer = stream.broker().receiveBuffer();
        int count;
        try {
            count = ((ReadableByteChannel) channel).read(buffer);
        } catch (IOException e) {
            stream.onFailure(e);
            return;
        }
        if (count < 0) {
            stream.onEnd();
        } else {
            stream.onBytes(buffer.flip());
        }
    }

    @Override
    public void close() {
        Channels.close(channel, key, stream, SelectionKey.OP_READ);
        key = null;
    }
}
