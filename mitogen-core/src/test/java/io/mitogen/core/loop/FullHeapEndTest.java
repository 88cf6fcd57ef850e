// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Clock;
import io.mitogen.core.testing.QuietLogExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a broker whose listeners, members and tasks find no memory the first times they hear of it. */
@Timeout(60)
final class FullHeapEndTest {
    private static final String WHY = "Broker has exitted: its thread died of java.lang.OutOfMemoryError: told to fail";

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final Broker broker = driver.broker();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldTellAgainWhoFoundNoMemoryAndNobodyElse() {
        log.expect("the broker died");
        Shortage shortage = new Shortage(3);
        broker.listeners().add(listener("first", new Shortage(0)));
        broker.listeners().add(listener("short", shortage));
        broker.listeners().add(listener("last", new Shortage(0)));
        join(broker, member("short member", new Shortage(2)));
        join(broker, member("member", new Shortage(0)));
        Shortage ofTask = new Shortage(1);
        broker.defer(() -> {
            ofTask.check();
            told.add("task");
        });
        broker.defer(() -> told.add("task behind it"));

        driver.end(new OutOfMemoryError("told to fail"));
        assertEquals(List.of("member " + WHY, "first " + WHY, "last " + WHY), told);
        assertFalse(driver.endRound());
        assertFalse(driver.endRound());
        assertTrue(driver.endRound());
        assertEquals(
                List.of(
                        "member " + WHY,
                        "first " + WHY,
                        "last " + WHY,
                        "task",
                        "task behind it",
                        "short member " + WHY,
                        "short " + WHY),
                told);
    }

    @Test
    void shouldBeClosedAndSayWhyBeforeAnybodyIsTold() {
        log.expect("the broker died");
        broker.fail(new OutOfMemoryError("told to fail"));
        assertTrue(broker.isClosed());
        assertTrue(broker.endReason().contains("OutOfMemoryError"), broker.endReason());
        assertFalse(broker.tryDefer(() -> told.add("too late")));
        assertTrue(driver.endRound());
        assertEquals(WHY, broker.endReason());
        assertEquals(List.of(), told);
    }

    @Test
    void shouldRunATaskAgainThatFoundNoMemoryInItsTurn() {
        log.expect("the broker died");
        Shortage shortage = new Shortage(1);
        broker.defer(() -> {
            shortage.check();
            told.add("task");
        });
        OutOfMemoryError error = assertThrows(OutOfMemoryError.class, driver::settle);
        driver.end(error);
        assertEquals(List.of("task"), told);
    }

    @Test
    void shouldLetThoseBehindHaveTheirTurnWhenATaskNeedsMoreThanThereEverIs() {
        log.expect("the broker died");
        broker.defer(() -> {
            throw new OutOfMemoryError("as ever");
        });
        broker.defer(() -> told.add("behind"));
        driver.end(new OutOfMemoryError("told to fail"));
        for (int round = 0; round < 1_000 && told.isEmpty(); round++) {
            driver.endRound();
        }
        assertEquals(List.of("behind"), told);
        assertTrue(driver.endRound());
    }

    @Test
    void shouldTellTheProtocolOfAStreamThatFoundNoMemoryWhenItClosed() throws IOException {
        log.expect("the broker died");
        Shortage shortage = new Shortage(2);
        MemoryPeer peer = new MemoryPeer();
        RecordingProtocol protocol = new RecordingProtocol() {
            @Override
            public void onClosed(Stream stream, String reason) {
                shortage.check();
                super.onClosed(stream, reason);
            }
        };
        Stream stream = new Stream(broker, "short", peer.receiveSide(), peer.transmitSide());
        stream.protocol(protocol);
        broker.runInTurn(() -> open(stream));
        OutOfMemoryError error =
                assertThrows(OutOfMemoryError.class, () -> broker.runInTurn(() -> stream.close("told to close")));
        assertTrue(peer.isClosed());
        driver.end(error);
        assertTrue(driver.endRound());
        assertEquals(1, protocol.steps.size(), () -> protocol.steps.toString());
        assertTrue(protocol.steps.get(0).startsWith("closed: "), () -> protocol.steps.toString());
    }

    @Test
    void shouldEndItsThreadWhenAllAreToldAlthoughTheLogHasNoMemoryEither() throws Exception {
        LogSink failing = new LogSink() {
            @Override
            public boolean isEnabled(int level) {
                return true;
            }

            @Override
            public void log(String logger, int level, String text) {
                throw new OutOfMemoryError("for a record");
            }
        };
        Broker threaded = new Broker("short", 1_000_000_000, Clock.SYSTEM, failing, null);
        threaded.listeners().add(listener("listener", new Shortage(5)));
        threaded.thread().start();
        join(threaded, member("member", new Shortage(7)));
        threaded.defer(() -> {
            throw new OutOfMemoryError("told to fail");
        });
        threaded.close();
        assertFalse(threaded.thread().isAlive());
        assertTrue(threaded.isClosed());
        assertEquals(List.of("listener " + WHY, "member " + WHY), List.copyOf(told));
    }

    @Test
    void shouldWaitForAMemberThatIsNotGoneYet() {
        Shortage shortage = new Shortage(0);
        boolean[] isGone = new boolean[1];
        BrokerMember slow = new FakeMember("slow", shortage) {
            @Override
            public boolean isGone() {
                return isGone[0];
            }
        };
        join(broker, slow);
        assertFalse(driver.endRound());
        isGone[0] = true;
        assertTrue(driver.endRound());
        assertEquals(List.of("slow Broker has exitted", "slow Broker has exitted"), told);
    }

    private static void open(Stream stream) {
        try {
            stream.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Broker broker, BrokerMember member) {
        broker.runInTurn(() -> broker.join(member));
    }

    private BrokerMember member(String name, Shortage shortage) {
        return new FakeMember(name, shortage);
    }

    private class FakeMember implements BrokerMember {
        private final String name;
        private final Shortage shortage;

        FakeMember(String name, Shortage shortage) {
            this.name = name;
            this.shortage = shortage;
        }

        @Override
        public void onShutdown() {}

        @Override
        public void onForcedEnd(String reason) {
            shortage.check();
            told.add(name + " " + reason);
        }
    }

    private BrokerListener listener(String name, Shortage shortage) {
        return new BrokerListener() {
            @Override
            public void onShutdown() {}

            @Override
            public void onExit(String reason) {
                shortage.check();
                told.add(name + " " + reason);
            }
        };
    }

    /** A heap that is full for a while. */
    private static final class Shortage {
        private int left;

        Shortage(int times) {
            left = times;
        }

        void check() {
            if (left-- > 0) {
                throw new OutOfMemoryError("for a while");
            }
        }
    }
}
