// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static io.mitogen.core.testing.WireBytes.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits, as shares of the heap, of the memory that a child uses in a router; beyond them it loses its link, and no other does. */
final class RouterLimitsTest {
    private static final int HEAP = 8_000_000;
    private static final int MAX = 6_000_000;

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final Router.Settings settings = new Router.Settings(MAX, false);
    private final RouterFixture master = new RouterFixture(log.sink(), settings, 0);
    private final RouterFixture relay = new RouterFixture(log.sink(), settings, 1, 0);
    private final List<String> ends = new ArrayList<>();

    @BeforeEach
    void listen() {
        for (RouterFixture each : List.of(master, relay)) {
            each.router.limits.heapBytes = HEAP;
            each.router.listeners().add(new RouterListener() {
                @Override
                public void onContextGone(int contextId, Link over, String reason) {}

                @Override
                public void onLinkGone(Link link, String reason) {
                    ends.add(link.peerId() + " " + reason);
                }
            });
        }
    }

    // == Frames that nobody wants ==

    @Test
    void shouldSkipAsItComesAndAnswerOnceWhatNobodyTakes() {
        log.expect("dropped a message that claims to come from elsewhere");
        MemoryPeer one = master.child(1);
        master.router.addHandler(
                Registration.of(master.noting()).on(100).policy((message, from) -> message.length() < 1_000));
        int asked = master.call(1, 101, new byte[0]);
        one.take();
        int[][] addresses = {{0, 77}, {0, 100}, {4711, 100}};
        List<String> reasons = List.of("invalid handle", "refused by policy", "no route to 4711, my ID is 0");
        for (int i = 0; i < addresses.length; i++) {
            byte[] bytes = frame(addresses[i][0], 1, 1, addresses[i][1], 1000, new byte[1_000_000]);
            one.say(Arrays.copyOf(bytes, 900_000));
            assertEquals(0, master.router.route(1).gathered, reasons.get(i));
            one.say(Arrays.copyOfRange(bytes, 900_000, bytes.length));
            assertEquals(List.of("1 0 0 1000 999 " + reasons.get(i)), one.take());
        }
        one.say(Arrays.copyOf(frame(0, 2, 2, 100, 1000, new byte[1_000_000]), 900_000));
        assertEquals(0, master.router.route(1).gathered, "a forgery");
        one.say(new byte[100_026]);
        one.say(frame(0, 1, 1, asked, 0, "still in step"));
        assertEquals(List.of("0 1 1 " + asked + " 0 still in step"), master.handled());
        assertEquals(List.of(), one.take());
    }

    @Test
    void shouldSkipWhatNobodyTakesOfAClientWithTheAuthorityOfThisContext() {
        MemoryPeer one = master.child(1);
        Link link = master.router.route(1);
        link.fixAuth(0);
        master.router.addHandler(
                Registration.of(master.noting()).on(100).policy(Policy.parentAuthority(master.router.identity())));
        byte[] bytes = frame(0, 1, 1, 77, 1000, new byte[1_000_000]);
        one.say(Arrays.copyOf(bytes, 900_000));
        assertEquals(0, link.gathered);
        one.say(Arrays.copyOfRange(bytes, 900_000, bytes.length));
        assertEquals(List.of("1 0 0 1000 999 invalid handle"), one.take());
        byte[] call = frame(0, 1, 1, 100, 0, "call");
        one.say(Arrays.copyOf(call, call.length - 1));
        one.say(Arrays.copyOfRange(call, call.length - 1, call.length));
        assertEquals(List.of("0 1 0 100 0 call"), master.handled());
    }

    @Test
    void shouldJudgeAgainWhenTheBodyIsThere() {
        MemoryPeer one = master.child(1);
        master.handle(100);
        byte[] bytes = frame(0, 1, 1, 100, 1000, new byte[1_000]);
        one.say(Arrays.copyOf(bytes, 500));
        master.router.removeHandler(100);
        one.say(Arrays.copyOfRange(bytes, 500, bytes.length));
        assertEquals(List.of("1 0 0 1000 999 invalid handle"), one.take());
        assertEquals(List.of(), master.handled());
    }

    // == Frames that are not complete ==

    @Test
    void shouldEndTheLinkThatHasMostOfTheFramesThatAreNotComplete() {
        master.handle(100);
        int[] lengths = {1_000_000, 3_000_000, 500_000};
        for (int id = 1; id <= 3; id++) {
            byte[] bytes = frame(0, id, id, 100, 0, new byte[lengths[id - 1]]);
            master.child(id).say(Arrays.copyOf(bytes, bytes.length - 1));
        }
        assertEquals(List.of("2 no memory for 3000000 bytes from it"), ends);
        assertNotNull(master.router.route(1));
        assertNull(master.router.route(2));
        assertNotNull(master.router.route(3));
    }

    @Test
    void shouldHaveRoomAgainWhenAFrameIsComplete() {
        master.handle(100);
        MemoryPeer one = master.child(1);
        for (int i = 0; i < 10; i++) {
            byte[] bytes = frame(0, 1, 1, 100, 0, new byte[1_000_000]);
            one.say(Arrays.copyOf(bytes, 500_000));
            one.say(Arrays.copyOfRange(bytes, 500_000, bytes.length));
        }
        assertEquals(List.of(), ends);
        assertEquals(10, master.handled().size());
    }

    @Test
    void shouldEndOnlyTheLinkInWhoseTurnMemoryRunsOut() {
        MemoryPeer one = master.child(1);
        MemoryPeer two = master.child(2);
        master.router.addHandler(Registration.of((message, from) -> {
                    throw new OutOfMemoryError("as the test wants it");
                })
                .on(100));
        master.handle(200);
        one.say(frame(0, 1, 1, 100, 0, "x"));
        two.say(frame(0, 2, 2, 200, 0, "y"));
        assertEquals(List.of("1 no memory for 0 bytes from it"), ends);
        assertEquals(List.of("0 2 2 200 0 y"), master.handled());
    }

    @Test
    void shouldKeepTheSendersLinkWhenThereIsNoMemoryForAReceiver() {
        MemoryPeer one = master.child(1);
        master.child(2).lackMemory();
        one.say(frame(2, 1, 1, 100, 1000, "x"));
        assertEquals(List.of("1 0 0 1000 999 the respondent Context has disconnected"), one.take());
        assertEquals(List.of(), ends, "the other link's own stream ends it");
    }

    // == Unread messages ==

    @Test
    void shouldEndTheLinkThatLeavesShortAnswersUnread() {
        MemoryPeer one = master.child(1);
        one.stopReading();
        int frames = 0;
        while (ends.isEmpty() && frames < 1_000_000) {
            one.say(frame(0, 1, 1, 77, 1000, ""));
            frames++;
        }
        int share = HEAP / 4 + 1024 * 1024;
        int one40 = 26 + "invalid handle".length();
        assertEquals(share / one40 + 2, frames, ends.toString());
    }

    @Test
    void shouldEndTheLinkThatLeavesFramesOfOthersUnread() {
        MemoryPeer one = master.child(1);
        master.child(2).stopReading();
        for (int i = 0; i < 3; i++) {
            one.say(frame(2, 1, 1, 100, 0, new byte[1_800_000]));
        }
        assertEquals(List.of("2 it does not read: 3600052 bytes wait"), ends);
    }

    @Test
    void shouldEndTheLinkThatSendsUpwardsFasterThanTheParentReads() {
        MemoryPeer hostile = relay.child(2);
        MemoryPeer honest = relay.child(3);
        relay.parent.stopReading();
        honest.say(frame(0, 3, 3, 100, 0, new byte[1_800_000]));
        for (int i = 0; i < 3; i++) {
            hostile.say(frame(0, 2, 2, 100, 0, new byte[1_800_000]));
        }
        honest.say(frame(0, 3, 3, 100, 0, new byte[50_000]));
        assertEquals(List.of("2 it sends too fast: 3600052 bytes wait"), ends);
        assertNotNull(relay.router.parent());
        Supplier<Integer> sent =
                () -> WireBytes.messages(relay.parent.takeBytes()).size();
        assertEquals(4, sent.get());
    }
}
