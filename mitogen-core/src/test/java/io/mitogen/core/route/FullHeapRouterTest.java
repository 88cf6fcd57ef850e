// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static io.mitogen.core.testing.WireBytes.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.Nullable;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers and listeners of a router that find no memory when they hear of an end. */
final class FullHeapRouterTest {
    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final RouterFixture fixture = new RouterFixture(log.sink(), false, 0);
    private final Router router = fixture.router;
    private final List<String> told = new ArrayList<>();
    private int shortage;

    private MessageHandler handler(String name) {
        return (message, from) -> {
            if (name.equals("short") && shortage-- > 0) {
                throw new OutOfMemoryError("for a while");
            }
            told.add(name + ": " + (message.isDead() ? message.text() : "alive"));
        };
    }

    @Test
    void shouldTellHandlersUntilEachKnowsOfTheEndOnce() {
        log.expect("the broker died");
        shortage = 2;
        router.addHandler(Registration.of(handler("one")));
        router.addHandler(Registration.of(handler("short")));
        router.addHandler(Registration.reply(handler("two"), 7));
        fixture.driver.end(new OutOfMemoryError("told to fail"));
        assertFalse(fixture.driver.endRound());
        assertTrue(fixture.driver.endRound());
        String why = ": Broker has exitted: its thread died of java.lang.OutOfMemoryError: told to fail";
        assertEquals(List.of("one" + why, "two" + why, "short" + why), told);
        router.addHandler(Registration.of(handler("late")));
        assertEquals("late" + why, told.get(3));
    }

    @Test
    void shouldTellOfTheEndWhoFoundNoMemoryForItsAnswer() {
        log.expect("the broker died");
        shortage = 1;
        int handle = router.addHandler(Registration.reply(handler("short"), 0));
        router.send(Message.empty(0, handle, Handles.NONE));
        OutOfMemoryError error = assertThrows(OutOfMemoryError.class, fixture.driver::settle);
        fixture.driver.end(error);
        assertTrue(fixture.driver.endRound());
        assertEquals(1, told.size(), told::toString);
    }

    @Test
    void shouldTellListenersAndCallersAgainWhenALinkClosesWithoutMemory() {
        log.expect("the broker died");
        shortage = 1;
        List<String> gone = new ArrayList<>();
        router.listeners().add(new RouterListener() {
            private int calls;

            @Override
            public void onContextGone(int contextId, @Nullable Link over, String reason) {
                if (calls++ == 0) {
                    throw new OutOfMemoryError("for a listener");
                }
                gone.add("context " + contextId);
            }

            @Override
            public void onLinkGone(Link link, String reason) {
                gone.add("link " + link.peerId());
            }
        });
        MemoryPeer child = fixture.child(1);
        router.addHandler(Registration.reply(handler("short"), 1));
        Link link = router.route(1);
        OutOfMemoryError error = assertThrows(
                OutOfMemoryError.class, () -> fixture.inTurn(() -> link.stream().close("told to close")));
        assertTrue(child.isClosed());
        fixture.driver.end(error);
        assertTrue(fixture.driver.endRound());
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).startsWith("short: the respondent Context has disconnected: "), told.get(0));
        assertTrue(gone.contains("context 1"), gone::toString);
    }

    @Test
    void shouldTellOfAContextThatItsRelayLostWhenTheNewsFoundNoMemory() {
        List<String> gone = new ArrayList<>();
        MemoryPeer relay = fixture.child(1);
        Link link = router.route(1);
        fixture.inTurn(() -> router.addRoute(5, link));
        shortage = 1;
        router.addHandler(Registration.reply(handler("short"), 5));
        router.listeners().add(new RouterListener() {
            private int calls;

            @Override
            public void onContextGone(int contextId, @Nullable Link over, String reason) {
                if (calls++ == 0) {
                    throw new OutOfMemoryError("for a listener");
                }
                gone.add("context " + contextId);
            }

            @Override
            public void onLinkGone(Link link, String reason) {}
        });
        router.addHandler(Registration.of((message, from) -> router.deleteRoute(5, "lost"))
                .on(100));
        relay.say(frame(0, 1, 1, 100, 0, "5"));
        fixture.driver.settle();
        assertTrue(relay.isClosed());
        assertEquals(1, told.size(), told::toString);
        assertEquals(List.of("context 1", "context 5"), gone);
    }
}
