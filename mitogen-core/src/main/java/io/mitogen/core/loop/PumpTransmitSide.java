// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.BufferQueue;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.concurrent.Threads;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends to a stream that can only block, which it owns. A sending thread writes its own item, and at most {@value #OTHERS_BYTES}
 * bytes of others from the front of the queue; then it hands over to a thread of this side, started on first need. The same thread
 * writes what is sent inside a turn, because nothing may wait there, and what waits for more to follow, when nothing follows soon.
 */
public final class PumpTransmitSide implements TransmitSide, Runnable {
    /** More than all calls from here to the write take, in the size of the smallest frames. */
    private static final int HEADROOM_FRAMES = 128;

    /** What waits for more to follow is written after twice this at the latest. */
    private static final long SOON_MS = 1;

    /** So much does not wait for more. */
    private static final int SOON_BYTES = 16 * 1024;

    /** Limit on the bytes of others that a sender writes before it hands over: what a pipe of Linux holds. */
    static final int OTHERS_BYTES = 64 * 1024;

    /** What there is to say when nobody learned why an item was not sent whole. */
    static final String BROKE_OFF = "what was sent before broke off";

    private final OutputStream out;
    private final Object lock = new Object();
    private @Nullable BufferQueue queue; // guarded by lock; null before start and after close
    private boolean isBroken; // guarded by lock: nothing can be sent any more, and the stream closes soon
    private volatile boolean isTold; // the stream was told of that
    private @Nullable BufferQueue writing; // owned by whoever set isWriting
    private boolean isWriting; // guarded by lock
    private boolean hasThread; // guarded by lock
    private boolean isUrgent; // guarded by lock: the thread is to write what is queued
    private boolean isWatching; // guarded by lock: the thread looks after what waits for more
    private int writes; // guarded by lock
    private boolean closed; // guarded by lock
    private @Nullable Stream stream;

    public PumpTransmitSide(OutputStream out) {
        this.out = out;
    }

    @Override
    public void start(Stream stream) {
        synchronized (lock) {
            this.stream = stream;
            queue = new BufferQueue(stream.broker().pool(), false);
            writing = new BufferQueue(stream.broker().pool(), false);
        }
    }

    @Override
    public boolean send(Writable item) {
        return send(item, false);
    }

    @Override
    public boolean sendSoon(Writable item) {
        return send(item, true);
    }

    private boolean send(Writable item, boolean moreFollows) {
        checkHeadroom(HEADROOM_FRAMES);
        boolean isWhole = false;
        long most = OTHERS_BYTES;
        try {
            synchronized (lock) {
                if (queue == null) {
                    return false;
                }
                if (!isBroken) {
                    long ahead = queue.remaining();
                    isBroken = true; // until the item is whole: nobody may come in between
                    item.writeTo(queue);
                    isBroken = false;
                    isWhole = true;
                    if (isHandedOver(moreFollows)) {
                        queue.keepLent(item.lentParts());
                        return true;
                    }
                    isWriting = true;
                    if (ahead <= OTHERS_BYTES) { // otherwise this item may be left to the thread
                        most += queue.remaining() - ahead;
                    }
                }
            }
        } catch (Error e) {
            if (!isWhole) {
                giveUp(new IOException("cannot send: " + e, e));
            }
            throw e;
        }
        if (isWhole) {
            write(most, item.lentParts());
        } else if (!isTold) { // there was no memory for it, or another thread is about to
            giveUp(new IOException(BROKE_OFF));
        }
        return true;
    }

    /** Has the thread or whoever writes now write what was queued; returns false where the sender must. The lock is held. */
    private boolean isHandedOver(boolean moreFollows) {
        if (isWriting) {
            return true;
        }
        if (stream.broker().inTurn()) {
            isUrgent = true;
            wakeThread();
            return true;
        }
        if (moreFollows && queue.remaining() <= SOON_BYTES) {
            if (!isWatching) {
                wakeThread();
                isWatching = true; // not before: where no thread can be had, the next item tries again
            }
            return true;
        }
        return false;
    }

    /**
     * Overflows the stack here, if it must: a function that recurses without end and prints would otherwise do it half way
     * through a frame, and cost the context instead of the call.
     */
    private static int checkHeadroom(int frames) {
        return frames == 0 ? 0 : 1 + checkHeadroom(frames - 1);
    }

    private void wakeThread() {
        if (!hasThread) {
            stream.broker()
                    .threads()
                    .told(stream, Threads.deafDaemon("pump." + stream.name() + ".out", this))
                    .start();
            hasThread = true; // not before, as above
        }
        lock.notifyAll();
    }

    @Override
    public void run() {
        while (awaitWork()) {
            write(Long.MAX_VALUE, BufferQueue.NO_PARTS);
        }
    }

    private boolean awaitWork() {
        synchronized (lock) {
            while (queue != null && (isWriting || !isUrgent)) {
                if (isWriting) { // whoever writes leaves nothing behind without waking this thread
                    isUrgent = false;
                    isWatching = false;
                }
                int writesBefore = writes;
                try {
                    lock.wait(isWatching ? SOON_MS : 0);
                } catch (InterruptedException expected) {
                    // nobody has a reason to interrupt this thread; the close it waits for ends it
                }
                if (writes == writesBefore && queue != null) {
                    isUrgent |= !queue.isEmpty();
                    isWatching = isUrgent;
                }
            }
            isUrgent = false;
            isWriting = queue != null;
            return isWriting;
        }
    }

    /**
     * Writes until nothing is queued, or {@code most} bytes are written and the thread has the rest. The caller has set isWriting,
     * which an error here must not leave set.
     *
     * @param lent parts of the caller's item, to be copied where they are left to the thread
     */
    private void write(long most, byte[][] lent) {
        boolean done = false;
        try {
            writeQueued(most, lent);
            done = true;
        } finally {
            if (!done) {
                synchronized (lock) {
                    isBroken = true; // already, unless there was no memory to say why
                    writing.clear();
                    stopWriting();
                    lock.notifyAll();
                }
                if (!isTold) {
                    giveUp(new IOException(BROKE_OFF));
                }
            }
        }
    }

    private void writeQueued(long most, byte[][] lent) {
        for (long left = take(most, lent); left > 0; left = take(left, lent)) {
            try {
                long before = writing.remaining();
                writing.writeTo(out, left);
                out.flush();
                left -= before - writing.remaining();
            } catch (IOException | RuntimeException e) { // whatever it is, who waits behind isWriting must go on
                writing.clear();
                giveUp(e);
            } catch (Error e) {
                writing.clear();
                giveUp(new IOException("cannot write: " + e, e));
                throw e;
            }
        }
    }

    /** Takes what is queued. Returns how much the caller may write; 0 when it does not write any more. */
    private long take(long left, byte[][] lent) {
        synchronized (lock) {
            if (queue == null) {
                writing.clear();
            } else {
                writing.appendAll(queue);
            }
            if (!writing.isEmpty() && (left > 0 || !handOver(lent))) {
                writes++;
                return left > 0 ? left : OTHERS_BYTES;
            }
            stopWriting();
            return 0;
        }
    }

    /** Hands over to the thread; returns false where none can be had, or no copy of what was lent. The lock is held. */
    private boolean handOver(byte[][] lent) {
        try {
            writing.keepLent(lent);
            wakeThread();
        } catch (RuntimeException | Error expected) { // the caller goes on and tries again
            return false;
        }
        isUrgent = true;
        BufferQueue rest = writing;
        writing = queue;
        queue = rest;
        return true;
    }

    /** The lock is held. */
    private void stopWriting() {
        isWriting = false;
        if (closed) {
            closeSink();
        }
    }

    /** Half a frame may be out or queued: whatever followed, the peer would take for the other half. */
    private void giveUp(Exception cause) {
        synchronized (lock) {
            isBroken = true;
            if (queue != null) {
                queue.clear();
            }
        }
        stream.failSending(cause);
        isTold = true;
    }

    @Override
    public void flush() {}

    /** Counts what is being written right now as one byte. */
    @Override
    public long queuedBytes() {
        synchronized (lock) {
            return queue == null ? 0 : queue.remaining() + (isWriting ? 1 : 0);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (queue != null) {
                queue.clear();
                queue = null;
            }
            lock.notifyAll();
            if (!isWriting) {
                closeSink();
            }
        }
    }

    private void closeSink() {
        try {
            out.close();
        } catch (IOException expected) {
            // unsent bytes were given up before
        }
    }
}
