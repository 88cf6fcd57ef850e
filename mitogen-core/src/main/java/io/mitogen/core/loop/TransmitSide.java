// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.buffer.Writable;
import java.io.IOException;

/** Where the bytes of a stream go. Whole items in the order they were sent, from any thread. */
public interface TransmitSide {
    /** Prepares for sending; failures are told to {@code stream}. */
    @BrokerThread
    void start(Stream stream) throws IOException;

    /**
     * Queues {@code item} and writes what can be written: at once when called outside a turn, at the end of the turn
     * otherwise. Returns false when the side is closed and the item was dropped.
     */
    @AnyThread
    boolean send(Writable item);

    /**
     * Queues {@code item}, and writes it together with what follows, but not much later than otherwise: for what the sender knows
     * to be followed. Returns false when the side is closed and the item was dropped.
     */
    @AnyThread
    default boolean sendSoon(Writable item) {
        return send(item);
    }

    /** Writes what was queued in this turn. Called by the broker at the end of a turn. */
    @BrokerThread
    void flush();

    /**
     * Copies what is left of every second of {@code parts}, arrays that were lent to {@link #send}: from now on they may be changed.
     * Does nothing on a side that has written or copied them when {@code send} returns.
     */
    @AnyThread
    default void keepLent(byte[][] parts) {}

    /** Returns the bytes that wait to be written. */
    @AnyThread
    long queuedBytes();

    /** Drops what is queued and frees the sink. Closing again does nothing. */
    @BrokerThread
    void close();
}
