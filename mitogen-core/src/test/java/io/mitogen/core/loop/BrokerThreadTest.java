// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Clock;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Latch;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.ScriptedPeer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker with its thread: no wake-up is lost, and its end is heard by everybody. */
final class BrokerThreadTest {
    private static final Duration LONG = Duration.ofSeconds(25);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final CountingPoller poller = new CountingPoller();
    private final Broker broker = new Broker("threaded", 1_000_000_000, Clock.SYSTEM, log.sink(), poller);

    @AfterEach
    void close() {
        broker.close();
        assertFalse(broker.thread().isAlive());
    }

    @Test
    void shouldTakeAGraceOfAnyLength() {
        Broker patient = Broker.start("patient", Long.MAX_VALUE, log.sink());
        patient.close();
        assertTrue(patient.graceNs() > Duration.ofDays(365).toNanos(), patient.graceNs() + " ns");
        assertFalse(patient.thread().isAlive());
    }

    @Test
    void shouldLoseNoWakeUpIn80000RoundTrips() throws Exception {
        start();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(started(() -> {
                Latch<Integer> answers = new Latch<>();
                for (int round = 0; round < 20_000; round++) {
                    int expected = round;
                    broker.defer(() -> answers.put(expected));
                    assertEquals(expected, answers.get(Deadline.after(LONG)));
                }
                return 20_000;
            }));
        }
        for (FutureTask<Integer> task : tasks) {
            assertEquals(20_000, task.get(25, TimeUnit.SECONDS));
        }
        assertTrue(
                poller.wakeups.get() <= poller.polls.get() + 1, // one may come after the last poll
                poller.wakeups + " wake-ups for " + poller.polls + " polls");
    }

    @Test
    void shouldNotSleepOverATimerThatAPumpThreadSetBetweenTurnAndSleep() throws Exception {
        start();
        Latch<String> fired = new Latch<>();
        for (int round = 0; round < 20_000; round++) {
            broker.runInTurn(() -> broker.after(0, () -> fired.put("fired")));
            assertEquals("fired", fired.get(Deadline.after(LONG)));
        }
    }

    @Test
    void shouldEndWhenTheLastMemberLeavesInAPumpThreadsTurn() throws Exception {
        start();
        BrokerMember member = new BrokerMember() {
            @Override
            public void onShutdown() {}

            @Override
            public void onForcedEnd(String reason) {
                throw new IllegalStateException("it has left");
            }
        };
        broker.runInTurn(() -> broker.join(member));
        broker.shutdown();
        broker.runInTurn(() -> broker.leave(member));
        broker.thread().join(LONG.toMillis());
        assertFalse(broker.thread().isAlive());
    }

    @Test
    void shouldGoOnWhenItsThreadIsInterrupted() throws Exception {
        start();
        Latch<String> fired = new Latch<>();
        for (int round = 0; round < 100; round++) {
            broker.thread().interrupt();
            broker.defer(() -> fired.put("fired"));
            assertEquals("fired", fired.get(Deadline.after(LONG)));
        }
    }

    @Test
    void shouldTellEverybodyWhenATurnOfAPumpThreadBreaksTheBroker() throws Exception {
        log.expect("the broker died");
        start();
        Latch<String> reasons = new Latch<>();
        broker.listeners().add(new BrokerListener() {
            @Override
            public void onShutdown() {}

            @Override
            public void onExit(String reason) {
                reasons.put(reason);
            }
        });
        Protocol breaking = new RecordingProtocol() {
            @Override
            public void onBytes(Stream stream, ByteBuffer bytes) {
                throw new NoClassDefFoundError("com/acme/Gone");
            }
        };
        Stream stream = new Stream(
                broker,
                "breaking",
                new PumpReceiveSide(new ByteArrayInputStream(new byte[1])),
                new ScriptedPeer().transmitSide());
        stream.protocol(breaking);
        open(stream);
        assertEquals(
                "Broker has exitted: its thread died of java.lang.NoClassDefFoundError: com/acme/Gone",
                reasons.get(Deadline.after(LONG)));
        broker.thread().join(LONG.toMillis());
        assertTrue(broker.isClosed());
    }

    @Test
    void shouldCloseOnlyTheStreamWhoseProtocolFails() throws Exception {
        log.expect("closing stream failing");
        log.expect("the protocol of the closed stream failing failed");
        start();
        ScriptedPeer badPeer = new ScriptedPeer();
        ScriptedPeer goodPeer = new ScriptedPeer();
        RecordingProtocol failing = new RecordingProtocol() {
            @Override
            public void onBytes(Stream stream, ByteBuffer bytes) {
                throw new IllegalStateException("told to fail");
            }

            @Override
            public void onClosed(Stream stream, String reason) {
                super.onClosed(stream, reason);
                throw new IllegalStateException("told to fail again");
            }
        };
        Latch<String> heard = new Latch<>();
        RecordingProtocol good = new RecordingProtocol() {
            @Override
            public void onBytes(Stream stream, ByteBuffer bytes) {
                super.onBytes(stream, bytes);
                heard.put("bytes");
            }
        };
        Stream failingStream = new Stream(broker, "failing", badPeer.receiveSide(), badPeer.transmitSide());
        failingStream.protocol(failing);
        open(failingStream);
        Stream goodStream = new Stream(broker, "good", goodPeer.receiveSide(), goodPeer.transmitSide());
        goodStream.protocol(good);
        open(goodStream);
        badPeer.say(new byte[1]);
        assertEquals(null, badPeer.hear(), "the end of the failing stream");
        goodPeer.say(new byte[1]);
        assertEquals("bytes", heard.get(Deadline.after(LONG)));
        assertEquals(List.of("closed: told to fail"), failing.steps);
        goodPeer.hangUp();
        badPeer.close();
    }

    @Test
    void shouldEndByForceWhenAMemberNeverLeaves() throws Exception {
        log.expect("closed by force");
        Broker impatient = new Broker("impatient", 1_000_000, Clock.SYSTEM, log.sink(), null);
        impatient.thread().start();
        impatient.runInTurn(() -> impatient.join(new BrokerMember() {
            @Override
            public void onShutdown() {}

            @Override
            public void onForcedEnd(String reason) {}
        }));
        impatient.close();
        assertFalse(impatient.thread().isAlive());
    }

    @Test
    void shouldEndMembersAndTheWaitForThemWhenALogHandlerNeverReturns() throws Exception {
        CountDownLatch neverOpened = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        LogSink held = new LogSink() {
            @Override
            public boolean isEnabled(int level) {
                return true;
            }

            @Override
            public synchronized void log(String logger, int level, String text) {
                try {
                    neverOpened.await();
                } catch (InterruptedException expected) {
                    // nobody interrupts it
                }
            }
        };
        Broker silent = new Broker("silent", 1_000_000, Clock.SYSTEM, held, null);
        silent.thread().start();
        silent.runInTurn(() -> silent.join(new BrokerMember() {
            @Override
            public void onShutdown() {}

            @Override
            public void onForcedEnd(String reason) {
                ended.countDown();
            }
        }));
        FutureTask<Void> closing = started(() -> {
            silent.close();
            return null;
        });
        try {
            assertTrue(ended.await(LONG.toSeconds(), TimeUnit.SECONDS), "nobody ended the member by force");
            closing.get(LONG.toSeconds(), TimeUnit.SECONDS);
        } finally {
            neverOpened.countDown();
        }
    }

    private void start() {
        poller.sleeper = broker.thread();
        broker.thread().start();
    }

    private void open(Stream stream) {
        broker.runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Threads.daemon("broker-test", task).start();
        return task;
    }

    /** Parks as the real one does, and counts. */
    private static final class CountingPoller implements Poller {
        final AtomicLong polls = new AtomicLong();
        final AtomicLong wakeups = new AtomicLong();
        Thread sleeper;
        private ParkingPoller parking;

        @Override
        public void poll(long waitNs) {
            if (parking == null) {
                parking = new ParkingPoller(sleeper);
            }
            polls.incrementAndGet();
            parking.poll(waitNs);
        }

        @Override
        public int dispatch() {
            return 0;
        }

        @Override
        public void wakeup() {
            wakeups.incrementAndGet();
            LockSupport.unpark(sleeper);
        }

        @Override
        public void close() {}
    }
}
