// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Contexts;
import io.mitogen.core.loop.BrokerDriver;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Tuple;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which routes a relay believes: relay 7 below the master, with the children 10 and 20 of a block of its own. */
final class RelayRoutesTest {
    private static final int BLOCK = 5000;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final BrokerDriver driver = new BrokerDriver(log.sink());
    private final MemoryPeer parent = new MemoryPeer();
    private Router router;
    private RouteMonitor monitor;
    private RouteGuard guard;
    private MemoryPeer ten;
    private MemoryPeer twenty;

    @BeforeEach
    void start() {
        start(false);
    }

    private void start(boolean unidirectional) {
        router = new Router(
                driver.broker(), new Identity(7, 0), new Router.Settings(1_000_000, unidirectional), log.sink());
        Contexts contexts = new Contexts(router);
        driver.broker().runInTurn(() -> {
            try {
                router.connectParent(parent.receiveSide(), parent.transmitSide());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            guard = new GrantWatch(router);
            monitor = new RouteMonitor(contexts, guard);
        });
        ten = child(10);
        twenty = child(20);
        parent.take();
    }

    private MemoryPeer child(int id) {
        MemoryPeer peer = new MemoryPeer();
        Stream stream = new Stream(driver.broker(), "child" + id, peer.receiveSide(), peer.transmitSide());
        driver.broker().runInTurn(() -> {
            try {
                stream.open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            monitor.onChildUp(router.connectChild(stream, id), "child" + id);
        });
        return peer;
    }

    // == Dead messages ==

    @Test
    void shouldBelieveOnlyWhoIsOnTheWayThatAContextCannotBeReached() {
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        announce(ten, 10, BLOCK + 1); // a hostile sibling of the others
        grant(ten, BLOCK, 9000);
        announce(ten, 10, 9000);
        List<String> dead = new ArrayList<>();
        int[] thieves = {BLOCK + 1, BLOCK + 1, 9000};
        int[] respondents = {BLOCK, 9000, BLOCK};
        for (int i = 0; i < thieves.length; i++) {
            int handle = router.addHandler(
                    Registration.reply((message, from) -> dead.add(message.src() + ""), respondents[i]));
            ten.say(WireBytes.frame(7, thieves[i], thieves[i], handle, Handles.DEAD, "gone"));
            assertEquals(List.of(), dead);
            router.removeHandler(handle);
        }
        int[] relays = {10, BLOCK, 9000};
        for (int relay : relays) {
            int handle = router.addHandler(Registration.reply((message, from) -> dead.add(message.src() + ""), 9000));
            ten.say(WireBytes.frame(7, relay, relay, handle, Handles.DEAD, "too large"));
        }
        assertEquals(List.of("10", BLOCK + "", "9000"), dead);
    }

    // == Honest trees ==

    @Test
    void shouldBelieveAContextThatTellsOfAnIdItWasGranted() {
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK + 3);
        assertEquals(List.of("0 7 7 103 0 " + (BLOCK + 3) + ":context 10.x"), parent.take());
        assertEquals(10, router.route(BLOCK + 3).peerId());
    }

    @Test
    void shouldBelieveAChildThatTellsOfAnIdThatWasGrantedBehindIt() {
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        grant(ten, BLOCK, 9000);
        announce(ten, 10, 9000);
        assertEquals(10, router.route(9000).peerId());
        assertTrue(guard.isOwner(BLOCK, 9000));
        assertFalse(guard.isOwner(10, 9000));
    }

    @Test
    void shouldPassARequestForIdsOnAndTheAnswerBackToTheHandleThatWasAskedFor() {
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 1234, ""));
        Message request = WireBytes.messages(parent.takeBytes()).get(0);
        assertEquals("0 10 10 105", WireBytes.show(request).substring(0, 11));
        parent.say(WireBytes.frame(10, 0, 0, request.replyTo(), 0, block(BLOCK)));
        Message answer = WireBytes.messages(ten.takeBytes()).get(0);
        assertEquals(1234, answer.handle());
        assertEquals(0, answer.src());
        assertArrayEquals(block(BLOCK), answer.body());
    }

    @Test
    void shouldPassARefusalOfIdsBack() {
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 1234, ""));
        int handle = WireBytes.messages(parent.takeBytes()).get(0).replyTo();
        parent.say(WireBytes.frame(10, 0, 0, handle, Handles.DEAD, "none left"));
        assertEquals(List.of("10 0 0 1234 999 none left"), ten.take());
    }

    @Test
    void shouldTakeAnAnswerThatComesInPieces() {
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 1234, ""));
        int handle = WireBytes.messages(parent.takeBytes()).get(0).replyTo();
        for (byte b : WireBytes.frame(10, 0, 0, handle, 0, block(BLOCK))) {
            parent.say(new byte[] {b});
        }
        assertEquals(1, ten.take().size());
        announce(ten, 10, BLOCK);
        assertEquals(10, router.route(BLOCK).peerId());
    }

    @Test
    void shouldReadAGrantAsAPythonMasterWritesIt() {
        answer(ten, 10, WireBytes.unhex("80024d88134d70178671002e"));
        announce(ten, 10, BLOCK + 999);
        assertEquals(10, router.route(BLOCK + 999).peerId());
    }

    @Test
    void shouldForgetARequestOfAContextThatGoes() {
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 1234, ""));
        int handle = WireBytes.messages(parent.takeBytes()).get(0).replyTo();
        ten.hangUp();
        parent.take();
        parent.say(WireBytes.frame(20, 0, 0, handle, 0, "for another context, whatever its handle"));
        assertEquals(
                List.of("20 0 0 " + Integer.toUnsignedString(handle) + " 0 for another context, whatever its handle"),
                twenty.take());
    }

    // == How contexts end ==

    @Test
    void shouldTellAParentOfThisLibraryHowAContextEnded() {
        driver.broker().runInTurn(monitor::tellHowTheyEnd);
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        announce(ten, 10, BLOCK + 1);
        parent.take();
        ten.say(WireBytes.frame(7, 10, 10, Handles.DEL_ROUTE, 0, BLOCK + ":process 9: exit\u001b status 3"));
        ten.say(text(10, Handles.DEL_ROUTE, BLOCK + 1));
        twenty.hangUp();
        assertEquals(
                List.of(
                        "0 7 7 104 0 " + BLOCK + ":lost behind context 10: process 9: exit\\u001b status 3",
                        "0 7 7 104 0 " + (BLOCK + 1) + ":lost behind context 10",
                        "0 7 7 104 0 20:the other end closed the link"),
                parent.take());
    }

    @Test
    void shouldTellAnotherParentOnlyThatAContextEnded() {
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        parent.take();
        ten.say(WireBytes.frame(7, 10, 10, Handles.DEL_ROUTE, 0, BLOCK + ":process 9: exit status 3"));
        assertEquals(List.of("0 7 7 104 0 " + BLOCK), parent.take());
    }

    // == Lies ==

    @Test
    void shouldRefuseEveryIdThatWasNotGrantedBehindTheLink() {
        log.expect("refused a route to context");
        grant(twenty, 20, BLOCK);
        for (int id :
                new int[] {0, 7, 11, 21, 4999, BLOCK, BLOCK + 999, BLOCK + 1000, 1_999_999, Integer.MAX_VALUE, -1}) {
            announce(ten, 10, id);
            assertNull(router.route(id), "context " + id);
        }
        announce(ten, 10, 20);
        assertEquals(20, router.route(20).peerId());
        assertEquals(List.of(), parent.take());
    }

    @Test
    void shouldRefuseTheIdOfAContextOfItsOwnThatHasGone() {
        log.expect("refused a route to context 20");
        twenty.hangUp();
        announce(ten, 10, 20);
        assertNull(router.route(20));
        assertEquals(List.of("0 7 7 104 0 20"), parent.take());
    }

    @Test
    void shouldRefuseAnIdThatWentHoweverItWent() {
        log.expect("refused a route to context");
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        announce(ten, 10, BLOCK + 1);
        ten.say(text(10, Handles.DEL_ROUTE, BLOCK));
        parent.say(WireBytes.frame(7, 0, 0, Handles.DEL_ROUTE, 0, "" + (BLOCK + 1)));
        announce(ten, 10, BLOCK);
        announce(ten, 10, BLOCK + 1);
        assertArrayEquals(new int[] {10, 20}, router.routedIds());
    }

    @Test
    void shouldRefuseTheIdsOfAContextThatHasGone() {
        log.expect("refused a route to context");
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        grant(ten, BLOCK, 9000);
        ten.say(text(10, Handles.DEL_ROUTE, BLOCK));
        announce(ten, 10, 9000);
        assertNull(router.route(9000));
    }

    @Test
    void shouldNotRenameWhatIsAnnouncedAgain() {
        log.expect("which announced it before");
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        parent.take();
        ten.take();
        announce(ten, 10, BLOCK);
        announce(ten, 10, 10);
        assertEquals(List.of(), parent.take());
        assertEquals(List.of(), ten.take());
        assertEquals(10, router.route(BLOCK).peerId());
    }

    @Test
    void shouldTakeNothingButTheMastersAnswerForAGrant() {
        log.expect("refused a route to context");
        log.expect("claims to come from elsewhere");
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 1234, ""));
        int handle = WireBytes.messages(parent.takeBytes()).get(0).replyTo();
        parent.say(
                WireBytes.frame(10, 0, 0, 1234, 0, block(BLOCK))); // what a program of the master sends to that mailbox
        parent.say(WireBytes.frame(10, 33, 33, handle, 0, block(6000))); // of somebody elsewhere
        ten.say(WireBytes.frame(10, 0, 0, handle, 0, block(7000)));
        twenty.say(WireBytes.frame(10, 20, 20, handle, 0, block(8000)));
        for (int id : new int[] {BLOCK, 6000, 7000, 8000}) {
            announce(ten, 10, id);
        }
        assertArrayEquals(new int[] {10, 20}, router.routedIds());
    }

    @Test
    void shouldTakeNoBlockForGrantedThatIsNone() {
        log.expect("refused a route to context");
        grant(twenty, 20, BLOCK);
        for (Object senseless : new Object[] {
            Tuple.of(BLOCK - 500, BLOCK + 500),
            Tuple.of(BLOCK, BLOCK + 1000),
            Tuple.of(0, 1000),
            Tuple.of(-5, 5),
            Tuple.of(9000, 9000),
            Tuple.of(9000, 10001),
            Tuple.of(9000, 8000),
            Tuple.of(9000L << 32, (9000L << 32) + 1000),
            Tuple.of("9000", "10000"),
            Tuple.of(9000),
            List.of(9000, 10000),
            9000
        }) {
            answer(ten, 10, PickleWriter.toBytes("block", senseless));
        }
        answer(ten, 10, new byte[0]);
        answer(ten, 10, new byte[] {1, 2, 3});
        answer(ten, 10, new byte[100_000]);
        for (int id : new int[] {1, 999, BLOCK - 1, BLOCK, BLOCK + 1, 9000, 9001, 10_000}) {
            announce(ten, 10, id);
        }
        assertArrayEquals(new int[] {10, 20}, router.routedIds());
        announce(twenty, 20, BLOCK);
        assertEquals(20, router.route(BLOCK).peerId());
    }

    @Test
    void shouldRefuseRequestsForIdsBeyondTheShareOfALink() {
        for (int i = 0; i < 500; i++) {
            ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, i % 2 == 0 ? 2000 + i : 0, ""));
        }
        assertEquals(500, parent.take().size());
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 3000, ""));
        ten.say(WireBytes.frame(0, 10, 10, Handles.ALLOCATE_ID, 0, ""));
        assertEquals(List.of(), parent.take());
        assertEquals(List.of("10 7 7 3000 999 no context ids are left for context 10"), ten.take());
        twenty.say(WireBytes.frame(0, 20, 20, Handles.ALLOCATE_ID, 3000, ""));
        assertEquals(1, parent.take().size());
    }

    // == DEL_ROUTE ==

    @Test
    void shouldCloseTheLinkToAChildWhoseRouteItsParentDeleted() {
        parent.say(WireBytes.frame(7, 0, 0, Handles.DEL_ROUTE, 0, "10"));
        assertTrue(ten.isClosed());
        assertArrayEquals(new int[] {20}, router.routedIds());
    }

    @Test
    void shouldTellWhoLeadsToAContextThatItsParentDeleted() {
        grant(ten, 10, BLOCK);
        announce(ten, 10, BLOCK);
        parent.say(WireBytes.frame(7, 0, 0, Handles.DEL_ROUTE, 0, "" + BLOCK));
        assertEquals(List.of("10 7 7 104 0 " + BLOCK), ten.take());
        assertArrayEquals(new int[] {10, 20}, router.routedIds());
    }

    @Test
    void shouldKeepItselfAndItsAncestorsWhateverItIsTold() {
        List<Integer> gone = new ArrayList<>();
        router.listeners().add(new io.mitogen.core.route.RouterListener() {
            @Override
            public void onContextGone(int contextId, Link over, String reason) {
                gone.add(contextId);
            }

            @Override
            public void onLinkGone(Link link, String reason) {}
        });
        for (int id : new int[] {0, 7}) {
            parent.say(WireBytes.frame(7, 0, 0, Handles.DEL_ROUTE, 0, "" + id));
            ten.say(text(10, Handles.DEL_ROUTE, id));
        }
        assertEquals(List.of(), gone);
    }

    @Test
    void shouldRefuseToDeleteWhatLivesBehindAnother() {
        log.expect("refused to delete the route to context 20");
        ten.say(text(10, Handles.DEL_ROUTE, 20));
        assertEquals(20, router.route(20).peerId());
        assertEquals(List.of(), parent.take());
    }

    // == News ==

    @Test
    void shouldTellOfNobodyWhomTheRoutingModeKeepsApartHoweverManyOneSendsTo() {
        start(true);
        for (int id = 100_000; id < 110_000; id++) {
            ten.say(WireBytes.frame(id, 10, 10, 100, 0, "")); // up, where they are refused
        }
        ten.say(WireBytes.frame(20, 10, 10, 100, 0, ""));
        ten.take();
        twenty.hangUp();
        assertEquals(List.of(), ten.take());
    }

    // == Helpers ==

    private static byte[] block(int first) {
        return PickleWriter.toBytes("block", Tuple.of(first, first + 1000));
    }

    private void grant(MemoryPeer child, int owner, int first) {
        answer(child, owner, block(first));
        ten.take();
        twenty.take();
    }

    private void answer(MemoryPeer child, int owner, byte[] body) {
        child.say(WireBytes.frame(0, owner, owner, Handles.ALLOCATE_ID, 1234, ""));
        List<Message> up = WireBytes.messages(parent.takeBytes());
        parent.say(WireBytes.frame(owner, 0, 0, up.get(up.size() - 1).replyTo(), 0, body));
    }

    private void announce(MemoryPeer child, int peer, int id) {
        child.say(WireBytes.frame(7, peer, peer, Handles.ADD_ROUTE, 0, Integer.toUnsignedString(id) + ":x"));
    }

    private static byte[] text(int peer, int handle, int id) {
        return WireBytes.frame(7, peer, peer, handle, 0, "" + id);
    }
}
