// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.buffer.BufferPool;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The other end of a stream without threads or channels: what it says is delivered at once, what is sent to it is kept.
 * For the test's own thread; only its transmit side takes items from any.
 */
public final class MemoryPeer {
    private final BufferQueue sent = new BufferQueue(new BufferPool(1024, 4), false);
    private Stream stream;
    private boolean receiveClosed;
    private volatile boolean transmitClosed;
    private volatile boolean isReading = true;
    private volatile boolean lacksMemory;

    /** Returns the side that delivers what this peer says. */
    public ReceiveSide receiveSide() {
        return new ReceiveSide() {
            @Override
            public void start(Stream started) {
                stream = started;
            }

            @Override
            public void close() {
                receiveClosed = true;
            }
        };
    }

    /** Returns the side that keeps what is sent. */
    public TransmitSide transmitSide() {
        return new TransmitSide() {
            @Override
            public void start(Stream started) {}

            @Override
            public boolean send(Writable item) {
                synchronized (sent) {
                    if (lacksMemory) {
                        throw new OutOfMemoryError("as the test wants it");
                    }
                    if (!transmitClosed) {
                        item.writeTo(sent);
                    }
                    return !transmitClosed;
                }
            }

            @Override
            public void flush() {}

            @Override
            public long queuedBytes() {
                return isReading ? 0 : sent.remaining();
            }

            @Override
            public void close() {
                transmitClosed = true;
            }
        };
    }

    /** Says {@code bytes} in a turn of their own; dropped when the stream does not listen any more. */
    public void say(byte[] bytes) {
        stream.broker().runInTurn(() -> {
            if (!receiveClosed) {
                stream.onBytes(ByteBuffer.wrap(bytes.clone()));
            }
        });
    }

    /** Leaves all bytes unread from now on. */
    public void stopReading() {
        isReading = false;
    }

    /** Fails all sends for lack of memory from now on. */
    public void lackMemory() {
        lacksMemory = true;
    }

    public void hangUp() {
        stream.broker().runInTurn(stream::onEnd);
    }

    /** Reports that reading failed. */
    public void fail(IOException cause) {
        stream.broker().runInTurn(() -> stream.onFailure(cause));
    }

    /** Makes every further send be refused while the stream is still open, as when its end is not yet noticed. */
    public void refuse() {
        transmitClosed = true;
    }

    public boolean isClosed() {
        return receiveClosed && transmitClosed;
    }

    /** Removes and returns all that was sent to this peer, as raw bytes. */
    public byte[] takeBytes() {
        synchronized (sent) {
            return sent.takeBytes();
        }
    }

    /** Removes and returns all that was sent to this peer, shown as by {@link WireBytes#show}. */
    public List<String> take() {
        List<String> shown = new ArrayList<>();
        for (Message message : WireBytes.messages(takeBytes())) {
            shown.add(WireBytes.show(message));
        }
        return shown;
    }
}
