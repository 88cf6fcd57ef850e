// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/**
 * Sends to a selectable channel, which it owns, alone or with the receive side of the same stream: the sending thread writes itself, the broker writes what was left over.
 *
 * <p>The lock is private and held for non-blocking writes only. Frames sent inside a turn leave together at its end.
 */
public final class ChannelTransmitSide implements TransmitSide, SelectorPoller.Ready {
    private final SelectableChannel channel;
    private final Object lock = new Object();
    private @Nullable BufferQueue queue; // guarded by lock; null before start and after close
    private boolean isBroken; // guarded by lock: nothing can be sent any more, and the stream closes soon
    private volatile boolean isTold; // the stream was told of that
    private boolean marked; // guarded by lock: the broker will flush at the end of this turn
    private boolean waitsForChannel; // guarded by lock: the key has OP_WRITE, so that the broker will write
    private @Nullable Stream stream;
    private @Nullable SelectionKey key;

    /** Takes a channel that is writable as well. */
    public <C extends SelectableChannel & GatheringByteChannel> ChannelTransmitSide(C channel) {
        this.channel = channel;
    }

    @Override
    public void start(Stream stream) throws IOException {
        this.stream = stream;
        channel.configureBlocking(false);
        key = stream.broker().selector().register(channel, 0, this);
        synchronized (lock) {
            queue = new BufferQueue(stream.broker().pool(), true);
        }
    }

    @Override
    public boolean send(Writable item) {
        Exception failure = null;
        boolean isWhole = false;
        try {
            synchronized (lock) {
                if (queue == null) {
                    return false;
                }
                if (isBroken) {
                    if (!isTold) { // there was no memory for it, or another thread is about to
                        failure = new IOException(PumpTransmitSide.BROKE_OFF);
                    }
                    return true;
                }
                isBroken = true; // until the item is whole: nobody may come in between
                item.writeTo(queue);
                isBroken = false;
                isWhole = true;
                if (waitsForChannel || marked) {
                    return true;
                }
                if (stream.broker().inTurn()) {
                    stream.broker().flushAtEndOfTurn(this);
                    marked = true; // not before: where there is no memory for it, the next item tries again
                    return true;
                }
                failure = write();
            }
        } catch (Error e) {
            if (!isWhole || !isKept(item)) {
                synchronized (lock) {
                    giveUp();
                }
                failure = new IOException("cannot send: " + e, e);
            }
            throw e;
        } finally {
            report(failure);
        }
        return true;
    }

    /** Copies what {@code item} has lent, since its sender fails and will not wait; returns whether there was memory for it. */
    private boolean isKept(Writable item) {
        try {
            keepLent(item.lentParts());
            return true;
        } catch (OutOfMemoryError expected) {
            return false;
        }
    }

    @Override
    public void flush() {
        Exception failure;
        synchronized (lock) {
            marked = false;
            failure = queue == null || waitsForChannel ? null : write();
        }
        report(failure);
    }

    @Override
    public void onReady() {
        Exception failure;
        synchronized (lock) {
            try {
                failure = queue == null ? null : write();
            } catch (OutOfMemoryError e) { // costs this link, not the broker
                giveUp();
                failure = new IOException("cannot write: " + e, e);
            }
            if (failure != null) {
                waitsForChannel = false;
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
            }
        }
        report(failure);
    }

    /** Writes all that the channel takes; asks for the broker's help with the rest. The lock is held. */
    private @Nullable Exception write() {
        try {
            queue.writeTo((GatheringByteChannel) channel);
            if (waitsForChannel == queue.isEmpty()) {
                waitsForChannel = !queue.isEmpty();
                waitForChannel(waitsForChannel);
            }
            return null;
        } catch (CancelledKeyException expected) { // the broker has ended, so nobody would write the rest
            giveUp();
            return new IOException("nobody waits for the channel any more", expected);
        } catch (IOException | RuntimeException e) {
            giveUp();
            return e;
        } catch (Error e) { // the broker tries again, with more stack and perhaps more memory
            waitsForChannel = true;
            waitForChannel(true);
            throw e;
        }
    }

    /** Half a frame may be out or queued: whatever followed, the peer would take for the other half. The lock is held. */
    private void giveUp() {
        isBroken = true;
        if (queue != null) {
            queue.clear();
        }
    }

    private void waitForChannel(boolean waits) {
        if (waits) {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            if (Thread.currentThread() != stream.broker().thread()) { // which asks the selector anew anyway
                key.selector().wakeup();
            }
        } else {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    private void report(@Nullable Exception failure) {
        if (failure != null) {
            stream.failSending(failure);
            isTold = true;
        }
    }

    @Override
    public void keepLent(byte[][] parts) {
        synchronized (lock) {
            if (queue != null) {
                queue.keepLent(parts);
            }
        }
    }

    @Override
    public long queuedBytes() {
        synchronized (lock) {
            return queue == null ? 0 : queue.remaining();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (queue != null) {
                queue.clear();
                queue = null;
            }
        }
        Channels.close(channel, key, stream, SelectionKey.OP_WRITE);
        key = null;
    }
}
