// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import io.mitogen.core.LogSink;
import io.mitogen.core.testing.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A broker without a thread, whose turns and time are a test's. For the test's own thread. */
public final class BrokerDriver {
    /** The grace time of its broker, in nanoseconds. */
    public static final long GRACE_NS = 1_000_000_000;

    private final ManualClock clock = new ManualClock();
    private final Broker broker;

    public BrokerDriver(LogSink sink) {
        this(sink, null);
    }

    BrokerDriver(LogSink sink, Poller poller) {
        broker = new Broker("driven", GRACE_NS, clock, sink, poller);
    }

    public Broker broker() {
        return broker;
    }

    public ManualClock clock() {
        return clock;
    }

    /** Runs turns until one finds nothing to do. Returns the work done. */
    public int settle() {
        try {
            int total = 0;
            for (int work = broker.turn(0); work > 0; work = broker.turn(0)) {
                total += work;
            }
            return total;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the broker as its thread would: in order when {@code cause} is null, of that error otherwise. */
    public void end(Throwable cause) {
        if (cause != null) {
            broker.fail(cause);
        }
        endRound();
    }

    /** Runs another round of the end. Returns whether it was the last. */
    public boolean endRound() {
        boolean[] isOver = new boolean[1];
        broker.runInTurn(() -> isOver[0] = broker.terminate());
        return isOver[0];
    }
}
