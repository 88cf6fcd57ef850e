// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench;

import io.mitogen.core.LogSink;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.ChannelReceiveSide;
import io.mitogen.core.loop.ChannelTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.MessageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A router with two links whose pipes are memory: the child {@link #FROM} sends one frame again and again, what is for the child
 * {@link #TO} is dropped. All between a read and a write is what every link has: sides, streams, turns. One thread at a time,
 * which takes the broker's turns; the broker's own thread sleeps.
 */
final class MemoryRelay implements AutoCloseable {
    static final int FROM = 1;
    static final int TO = 2;

    private final Broker broker = Broker.start("relay", 0, LogSink.NONE);
    private final Router router;
    private final FrameSource in;
    private final Discard out = new Discard();
    private final Runnable read;
    private final int frameBytes;

    /** @param frame what the child sends, whole */
    MemoryRelay(ByteBuffer frame) throws IOException {
        router = new Router(
                broker,
                new Identity(Identity.MASTER),
                new Router.Settings(MessageHeader.DEFAULT_MAX_BODY_BYTES, false),
                LogSink.NONE);
        in = new FrameSource(frame);
        ChannelReceiveSide receive = new ChannelReceiveSide(in);
        read = receive::onReady;
        frameBytes = frame.capacity();
        connect(FROM, receive, new Discard());
        connect(TO, new ChannelReceiveSide(new FrameSource(frame)), out);
    }

    private void connect(int id, ChannelReceiveSide receive, Discard sink) {
        Stream stream = new Stream(broker, "link " + id, receive, new ChannelTransmitSide(sink));
        broker.runInTurn(() -> {
            router.connectChild(stream, id);
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    Router router() {
        return router;
    }

    /** Receives so many frames, one turn for each read, as the broker's thread does; returns when all have left. */
    void receive(int frames) {
        in.add((long) frames * frameBytes);
        while (!in.isEmpty()) {
            broker.runInTurn(read);
        }
    }

    /** Returns how many bytes were sent to {@link #TO} so far. */
    long sentBytes() {
        return out.bytes();
    }

    @Override
    public void close() {
        broker.close();
    }
}
