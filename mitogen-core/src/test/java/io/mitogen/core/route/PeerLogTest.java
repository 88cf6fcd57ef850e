// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static io.mitogen.core.testing.WireBytes.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Nullable;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.testing.RecordingSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of the lines that a peer can cause, with turns and time that the test drives. */
final class PeerLogTest {
    private static final String FORGED = "dropped a message that claims to come from elsewhere";

    private final RecordingSink sink = new RecordingSink();
    private final RouterFixture master = new RouterFixture(sink, false, 0);
    private final MemoryPeer one = master.child(1);

    private void forge(MemoryPeer peer, int times) {
        byte[] forged = frame(0, 0, 0, 100, 0, "forged");
        byte[] thousand = new byte[1000 * forged.length];
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(forged, 0, thousand, i * forged.length, forged.length);
        }
        for (int left = times; left > 0; left -= 1000) {
            peer.say(Arrays.copyOf(thousand, Math.min(left, 1000) * forged.length));
        }
    }

    private long records(String part) {
        return sink.records().stream().filter(record -> record.contains(part)).count();
    }

    private void pass(long ns) {
        master.driver.clock().advanceNs(ns);
        master.driver.settle();
    }

    @Test
    void shouldLogAFewForgedFramesAndThenHowManyMoreThereWere() {
        forge(one, 1_234);
        assertEquals(PeerLog.MAX_LINES, records(FORGED));
        assertEquals(0, records("more"));

        pass(PeerLog.PERIOD_NS);
        assertEquals(
                1, records("40 mitogen.router: 1224 more forged frames of the link to context 1 (child1) within 10 s"));
        assertEquals(PeerLog.MAX_LINES + 1, sink.records().size());

        pass(5 * PeerLog.PERIOD_NS);
        assertEquals(PeerLog.MAX_LINES + 1, sink.records().size(), "no count without suppressed lines");
        forge(one, 1);
        assertEquals(PeerLog.MAX_LINES + 1, records(FORGED));
    }

    @Test
    void shouldLimitEachLinkAndEachKindOfLineForItself() {
        MemoryPeer two = master.child(2);
        master.router.addHandler(Registration.of((message, from) -> {
                    throw new IllegalStateException("broken");
                })
                .on(100));
        forge(one, 100);
        forge(two, 100);
        for (int i = 0; i < 100; i++) {
            one.say(frame(0, 1, 1, 100, 0, "x"));
        }
        assertEquals(2 * PeerLog.MAX_LINES, records(FORGED));
        assertEquals(PeerLog.MAX_LINES, records("handler failed on dst 0  src 1"));
    }

    @Test
    void shouldSayHowManyMoreThereWereWhenTheLinkEnds() {
        forge(one, 100);
        one.hangUp();
        assertEquals(1, records("90 more forged frames of the link to context 1"));
    }

    @Test
    void shouldLimitWhatIsLoggedForDebuggingAndKeepTheLink() {
        master.driver.settle();
        for (int i = 0; i < 2 * PeerLog.MAX_VIOLATIONS; i++) {
            one.say(frame(0, 1, 1, 4711, 0, "x"));
            one.say(frame(99, 1, 1, 4711, 0, "x"));
        }
        assertEquals(PeerLog.MAX_LINES, records("dropped, "));
        assertNotNull(master.router.route(1));
    }

    @Test
    void shouldCloseTheLinkOfAPeerThatForgesOnAndOn() {
        List<String> gone = new ArrayList<>();
        listen(gone);
        MemoryPeer two = master.child(2);
        master.handle(100);

        forge(one, PeerLog.MAX_VIOLATIONS - 1);
        assertNotNull(master.router.route(1));
        forge(one, 5_000);

        assertNull(master.router.route(1));
        String reason = "it broke the rules 10000 times, at last with forged frames";
        assertEquals(List.of("1 " + reason), gone);
        assertEquals(1, records("closing the link to context 1 (child1): " + reason));
        assertTrue(sink.records().size() <= PeerLog.MAX_LINES + 2, sink.records()::toString);
        two.say(frame(0, 2, 2, 100, 0, "well"));
        assertEquals(List.of("0 2 2 100 0 well"), master.handled());
    }

    @Test
    void shouldForgiveWhatHappensNowAndThen() {
        for (int i = 0; i < 5; i++) {
            forge(one, PeerLog.MAX_VIOLATIONS / 2);
            pass(PeerLog.MAX_VIOLATIONS / 2 * PeerLog.FORGIVE_NS);
        }
        assertNotNull(master.router.route(1));
    }

    @Test
    void shouldCloseTheLinkOfAPeerWhoseMessagesNoHandlerCanReadButNotForAHandlerThatIsBroken() {
        master.router.addHandler(Registration.of((message, from) -> {
                    throw new IllegalStateException("broken");
                })
                .on(100));
        master.router.addHandler(Registration.of((message, from) -> {
                    throw PickleException.peer("no pickle");
                })
                .on(101));
        for (int i = 0; i < PeerLog.MAX_VIOLATIONS; i++) {
            one.say(frame(0, 1, 1, 100, 0, "x"));
        }
        assertNotNull(master.router.route(1));
        for (int i = 0; i < PeerLog.MAX_VIOLATIONS; i++) {
            one.say(frame(0, 1, 1, 101, 0, "x"));
        }
        assertNull(master.router.route(1));
        assertEquals(1, records("at last with malformed messages"));
    }

    @Test
    void shouldNotCloseTheLinkOfARelayForWhatContextsBehindItSend() {
        master.inTurn(() -> master.router.addRoute(5, master.router.route(1)));
        master.router.addHandler(Registration.of((message, from) -> {
                    throw PickleException.peer("no pickle");
                })
                .on(101));
        master.router.addHandler(Registration.of((message, from) -> from.log().violation("bad records", "x", message))
                .on(102));
        for (int i = 0; i < 2 * PeerLog.MAX_VIOLATIONS; i++) {
            one.say(frame(0, 5, 5, 101 + i % 2, 0, "x"));
        }
        assertNotNull(master.router.route(1), "a relay passes on what it cannot judge");
        assertEquals(PeerLog.MAX_LINES, records("handler failed on dst 0  src 5"));
        for (int i = 0; i < PeerLog.MAX_VIOLATIONS; i++) {
            one.say(frame(0, 1, 1, 102, 0, "x"));
        }
        assertNull(master.router.route(1));
    }

    @Test
    void shouldNeverCloseTheLinkToTheParent() {
        RouterFixture relay = new RouterFixture(sink, false, 1, 0);
        relay.child(2);
        relay.handle(100);
        byte[] forged = frame(1, 2, 2, 100, 0, "forged");
        for (int i = 0; i < PeerLog.MAX_VIOLATIONS + 1; i++) {
            relay.parent.say(forged);
        }
        relay.parent.say(frame(1, 0, 0, 100, 0, "well"));
        assertEquals(List.of("1 0 0 100 0 well"), relay.handled());
        assertEquals(PeerLog.MAX_LINES, records(FORGED));
    }

    private void listen(List<String> gone) {
        master.router.listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, @Nullable Link over, String reason) {
                gone.add(contextId + " " + reason);
            }

            @Override
            public void onLinkGone(Link link, String reason) {}
        });
    }
}
