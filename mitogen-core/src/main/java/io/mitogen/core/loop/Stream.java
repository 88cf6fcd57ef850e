// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A receive side, a transmit side, and the protocol in charge of both.
 *
 * <p>The peer hangs up: the receive side reports the end; both sides close, what was queued is dropped; the stream leaves
 * the broker; {@link Protocol#onClosed}. We shut down: {@link Protocol#onShutdown} says goodbye, the peer hangs up, then as
 * above; when the peer does not, the broker closes the stream by force at the end of its grace. Each step runs once,
 * inside a turn, in this order.
 */
public final class Stream implements BrokerMember {
    /** The reason of a stream that ended because the peer closed its end. */
    public static final String HANG_UP = "the other end closed the link";

    private final Broker broker;
    private final String name;
    private final ReceiveSide receive;
    private final TransmitSide transmit;
    private @Nullable Protocol protocol; // inside turns
    private @Nullable Runnable hangUp; // inside turns
    private boolean hungUp; // inside turns
    private boolean closed; // inside turns
    private boolean told; // inside turns: the protocol knows

    /** Makes a stream over two sides, which it owns from now on. It needs a protocol before it is opened. */
    public Stream(Broker broker, String name, ReceiveSide receive, TransmitSide transmit) {
        this.broker = broker;
        this.name = name;
        this.receive = receive;
        this.transmit = transmit;
    }

    /**
     * Begins to receive and send.
     *
     * @throws IOException when a side could not be started; both are closed then, and the protocol hears nothing
     */
    @BrokerThread
    public void open() throws IOException {
        start(true);
    }

    /**
     * Begins to receive and send on the stream to a child's parent: no shutdown waits for it, so that last words can leave
     * after the broker's end. It ends with the process.
     */
    @BrokerThread
    public void openForLife() throws IOException {
        start(false);
    }

    private void start(boolean joins) throws IOException {
        boolean started = false;
        try {
            if (joins) {
                broker.join(this);
            }
            transmit.start(this);
            receive.start(this);
            started = true;
        } finally {
            if (!started) {
                closed = true;
                broker.leave(this);
                receive.close();
                transmit.close();
            }
        }
    }

    public Broker broker() {
        return broker;
    }

    /** Returns what the stream leads to, for logs and thread names. */
    public String name() {
        return name;
    }

    /** Puts another protocol in charge; it gets the bytes that the old one leaves. */
    @BrokerThread
    public void protocol(Protocol next) {
        protocol = next;
    }

    /** Tells whether {@code protocol} is no longer in charge. */
    @BrokerThread
    boolean isLedByAnother(Protocol protocol) {
        return this.protocol != protocol;
    }

    /** Sends one item whole. Returns false when the stream is closed and it was dropped. */
    @AnyThread
    public boolean send(Writable item) {
        return transmit.send(item);
    }

    /** As {@link #send}, of an item that more will follow: it may wait for them, but for two milliseconds at most. */
    @AnyThread
    public boolean sendSoon(Writable item) {
        return transmit.sendSoon(item);
    }

    /** Copies what is left of every second of {@code parts}, arrays that were lent to {@link #send}: from now on they may be changed. */
    @AnyThread
    public void keepLent(byte[][] parts) {
        transmit.keepLent(parts);
    }

    /** Returns the bytes that wait to be written. */
    @AnyThread
    public long queuedBytes() {
        return transmit.queuedBytes();
    }

    /** Delivers bytes to the protocol; an exception of the protocol closes this stream and no other. */
    @BrokerThread
    void onBytes(ByteBuffer bytes) {
        try {
            while (!closed && bytes.hasRemaining()) {
                Protocol current = protocol;
                current.onBytes(this, bytes);
                if (current == protocol) {
                    break;
                }
            }
        } catch (RuntimeException e) {
            onFailure(e);
        }
    }

    /**
     * Sets what happens, instead of closing the stream, when the other end hangs up or takes nothing more; it must close the
     * stream soon. It may be called several times.
     */
    @BrokerThread
    public void onHangUp(Runnable action) {
        hangUp = action;
    }

    /** Tells whether everything that the other end sent has been received, and it sends no more. */
    @BrokerThread
    public boolean isHungUp() {
        return hungUp;
    }

    @BrokerThread
    void onEnd() {
        hungUp = true;
        if (hangUp == null) {
            close(HANG_UP);
        } else if (!closed) {
            receive.close();
            runHangUp();
        }
    }

    private void runHangUp() {
        try {
            hangUp.run();
        } catch (RuntimeException e) {
            onFailure(e);
        }
    }

    /** Schedules {@link #onSendFailure}. The broker dies if there is no memory for it: calls would wait for lost messages. */
    @AnyThread
    void failSending(Exception cause) {
        try {
            broker.tryDefer(() -> onSendFailure(cause));
        } catch (OutOfMemoryError e) {
            broker.fail(e);
        }
    }

    /** Nothing can be sent any more; there may be something left to receive. */
    @BrokerThread
    void onSendFailure(Exception cause) {
        if (hangUp == null) {
            onFailure(cause);
        } else if (!closed) {
            runHangUp();
        }
    }

    @BrokerThread
    void onFailure(Exception cause) {
        if (!closed) {
            boolean isExpected = cause instanceof IOException;
            String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            broker.log().log(isExpected ? Log.DEBUG : Log.ERROR, "closing stream " + name, cause);
            close(isExpected ? "link failed: " + reason : reason);
        }
    }

    /** Closes both sides at once and tells the protocol why. Closing again does nothing. */
    @BrokerThread
    public void close(String reason) {
        if (!closed) {
            closed = true;
            end(reason);
        }
    }

    /** Leaves the broker last: when this throws an error, the end of the broker calls it again. */
    private void end(String reason) {
        receive.close();
        transmit.close();
        try {
            protocol.onClosed(this, reason);
        } catch (RuntimeException e) { // the other streams must not suffer for it
            broker.log().error("the protocol of the closed stream " + name + " failed", e);
        }
        told = true;
        broker.leave(this);
    }

    @BrokerThread
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void onShutdown() {
        protocol.onShutdown(this);
    }

    @Override
    public void onForcedEnd(String reason) {
        closed = true;
        if (!told) {
            end(reason);
        }
    }

    @Override
    public String toString() {
        return "stream " + name;
    }
}
