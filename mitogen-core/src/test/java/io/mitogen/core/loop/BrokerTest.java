// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.buffer.Writable;
import io.mitogen.core.testing.QuietLogExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Turns of a broker, one by one, at times that the test sets. */
final class BrokerTest {
    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final FakePoller poller = new FakePoller();
    private final BrokerDriver driver = new BrokerDriver(log.sink(), poller);
    private final Broker broker = driver.broker();
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldFireTimersInTheOrderOfTheirTimesAcrossTheWrapOfTheClock() {
        broker.after(3_000, () -> seen.add("3000"));
        broker.after(500, () -> seen.add("500"));
        broker.after(Long.MAX_VALUE, () -> seen.add("never"));
        broker.after(2_000, () -> seen.add("2000"));
        driver.settle();
        assertEquals(List.of(), seen);
        driver.clock().advanceNs(2_500);
        driver.settle();
        assertEquals(List.of("500", "2000"), seen);
        driver.clock().advanceNs(500);
        driver.settle();
        assertEquals(List.of("500", "2000", "3000"), seen);
    }

    @Test
    void shouldReadWhatHasComeBeforeATimerFiresThatIsDue() {
        broker.after(100, () -> seen.add("timer"));
        driver.settle();
        driver.clock().advanceNs(200);
        poller.ready = () -> seen.add("bytes");
        driver.settle();
        assertEquals(List.of("bytes", "timer"), seen);
    }

    @Test
    void shouldLookOnceMoreWhenATimerBecomesDueInItsSleep() throws IOException {
        broker.after(100, () -> seen.add("timer"));
        driver.settle();
        poller.meanwhile = () -> driver.clock().advanceNs(200); // nothing was ready, and then the thread gets no time
        broker.turn(Long.MAX_VALUE);
        poller.meanwhile = () -> {};
        poller.ready = () -> seen.add("bytes");
        broker.turn(Long.MAX_VALUE);
        assertEquals(List.of("bytes", "timer"), seen);
    }

    @Test
    void shouldNotFireACancelledTimerNorWakeForIt() throws IOException {
        Timer first = broker.after(100, () -> seen.add("cancelled"));
        broker.after(900, () -> seen.add("kept"));
        driver.settle();
        first.cancel();
        first.cancel();
        broker.turn(Long.MAX_VALUE);
        assertEquals(900, poller.waits.get(poller.waits.size() - 1));
        driver.clock().advanceNs(1_000);
        driver.settle();
        assertEquals(List.of("kept"), seen);
    }

    @Test
    void shouldKeepNothingForATimerThatIsCancelled() {
        Timer timer = broker.after(Long.MAX_VALUE, () -> seen.add("never"));
        driver.settle();
        assertNotNull(timer.task());
        timer.cancel();
        assertNull(timer.task());
    }

    @Test
    void shouldFlushInTheNextTurnWhatAnErrorInAnotherSideKeptBack() {
        TransmitSide broken = flushing(() -> {
            throw new OutOfMemoryError("a test");
        });
        TransmitSide behind = flushing(() -> seen.add("behind"));
        assertThrows(
                OutOfMemoryError.class,
                () -> broker.runInTurn(() -> {
                    broker.flushAtEndOfTurn(broken);
                    broker.flushAtEndOfTurn(behind);
                }));
        assertEquals(List.of(), seen);
        broker.runInTurn(() -> {});
        assertEquals(List.of("behind"), seen);
    }

    private static TransmitSide flushing(Runnable onFlush) {
        return new TransmitSide() {
            @Override
            public void start(Stream stream) {}

            @Override
            public boolean send(Writable item) {
                return false;
            }

            @Override
            public void flush() {
                onFlush.run();
            }

            @Override
            public long queuedBytes() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void shouldGoOnWhenATimerOrATaskFails() {
        log.expect("the timer fails");
        log.expect("the task fails");
        broker.after(1, () -> {
            throw new IllegalStateException("the timer fails");
        });
        broker.after(2, () -> seen.add("timer behind"));
        broker.defer(() -> {
            throw new IllegalStateException("the task fails");
        });
        broker.defer(() -> seen.add("task behind"));
        driver.settle();
        driver.clock().advanceNs(5);
        driver.settle();
        assertEquals(List.of("task behind", "timer behind"), seen);
    }

    @Test
    void shouldRunDeferredTasksInOrderAndAtOnceInsideATurn() {
        broker.defer(() -> {
            seen.add("first");
            broker.defer(() -> seen.add("inside the first"));
            broker.checkInTurn();
        });
        broker.defer(() -> seen.add("second"));
        assertEquals(List.of(), seen);
        driver.settle();
        assertEquals(List.of("first", "inside the first", "second"), seen);
        assertFalse(broker.inTurn());
        assertThrows(IllegalStateException.class, broker::checkInTurn);
    }

    @Test
    void shouldPayForOneWakeUpASleepAndNoneWhileAwake() throws IOException {
        poller.meanwhile = () -> {
            for (int i = 0; i < 10; i++) {
                broker.defer(() -> seen.add("task"));
            }
        };
        broker.turn(1_000);
        assertEquals(1, poller.wakeups, "for ten tasks in one sleep");
        poller.meanwhile = () -> {};
        broker.turn(1_000);
        assertEquals(10, seen.size());
        for (int i = 0; i < 10; i++) {
            broker.defer(() -> seen.add("task")); // between turns: it looks before it sleeps
        }
        broker.turn(1_000);
        assertEquals(1, poller.wakeups);
        assertEquals(List.of(1_000L, 0L, 0L), poller.waits);
    }

    @Test
    void shouldWakeForAnEarlierTimerThatAPumpThreadSets() throws IOException {
        broker.after(5_000, () -> {});
        driver.settle();
        poller.meanwhile = () -> broker.runInTurn(() -> broker.after(10, () -> seen.add("early")));
        broker.turn(Long.MAX_VALUE);
        assertEquals(1, poller.wakeups);
        poller.meanwhile = () -> {};
        broker.turn(Long.MAX_VALUE);
        assertEquals(10, poller.waits.get(poller.waits.size() - 1));
    }

    @Test
    void shouldShutDownInOrderAndOnce() {
        FakeMember member = new FakeMember("member");
        broker.listeners().add(listener("listener"));
        broker.runInTurn(() -> broker.join(member));
        broker.shutdown();
        broker.shutdown();
        driver.settle();
        assertEquals(List.of("listener shutdown", "member shutdown"), seen);
        assertThrows(BrokerClosedException.class, () -> broker.runInTurn(() -> broker.join(new FakeMember("late"))));

        broker.runInTurn(() -> broker.leave(member));
        driver.settle();
        driver.end(null);
        assertEquals(List.of("listener shutdown", "member shutdown", "listener exit: Broker has exitted"), seen);
        assertTrue(poller.closed, "the poller is closed");
    }

    @Test
    void shouldEndMembersByForceWhenTheGraceIsOver() {
        log.expect("closed by force 1000 ms after shutdown began: [one, two]");
        broker.runInTurn(() -> {
            broker.join(new FakeMember("one"));
            broker.join(new FakeMember("two"));
        });
        broker.shutdown();
        driver.settle();
        driver.clock().advanceNs(BrokerDriver.GRACE_NS - 1);
        driver.settle();
        assertEquals(List.of("one shutdown", "two shutdown"), seen);
        driver.clock().advanceNs(1);
        driver.settle();
        String reason = " forced: closed by force at the end of the shutdown's grace time";
        assertEquals(List.of("one shutdown", "two shutdown", "one" + reason, "two" + reason), seen);
    }

    @Test
    void shouldTellEverybodyWhyWhenItDiesEvenWhenSomeOfThemFail() {
        log.expect("the broker died");
        log.expect("a task of the broker failed at its end");
        broker.runInTurn(() -> {
            broker.join(new FakeMember("failing") {
                @Override
                public void onForcedEnd(String reason) {
                    super.onForcedEnd(reason);
                    throw new NoClassDefFoundError("com/acme/Gone");
                }
            });
            broker.join(new FakeMember("member"));
        });
        broker.listeners().add(listener("one"));
        broker.listeners().add(new BrokerListener() {
            @Override
            public void onShutdown() {}

            @Override
            public void onExit(String reason) {
                throw new StackOverflowError("told to fail");
            }
        });
        broker.listeners().add(listener("two"));
        broker.defer(() -> seen.add("deferred before the end"));
        driver.end(new OutOfMemoryError("told to fail"));

        String why = "Broker has exitted: its thread died of java.lang.OutOfMemoryError: told to fail";
        assertEquals(
                List.of(
                        "failing forced: " + why,
                        "member forced: " + why,
                        "one exit: " + why,
                        "two exit: " + why,
                        "deferred before the end"),
                seen);
        assertTrue(broker.isClosed());
        BrokerClosedException refused =
                assertThrows(BrokerClosedException.class, () -> broker.defer(() -> seen.add("too late")));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertFalse(broker.tryDefer(() -> seen.add("too late")));
        assertThrows(BrokerClosedException.class, () -> broker.after(1, () -> seen.add("too late")));
        assertFalse(seen.contains("too late"));
    }

    private BrokerListener listener(String name) {
        return new BrokerListener() {
            @Override
            public void onShutdown() {
                seen.add(name + " shutdown");
            }

            @Override
            public void onExit(String reason) {
                seen.add(name + " exit: " + reason);
            }
        };
    }

    private class FakeMember implements BrokerMember {
        private final String name;

        FakeMember(String name) {
            this.name = name;
        }

        @Override
        public void onShutdown() {
            seen.add(name + " shutdown");
        }

        @Override
        public void onForcedEnd(String reason) {
            seen.add(name + " forced: " + reason);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
