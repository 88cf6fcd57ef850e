// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static io.mitogen.core.testing.WireBytes.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.testing.WireBytes;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageTap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who gets a message and who is told that nobody did: the rows of the protocol, one by one. */
final class RouterTest {
    private static final String FORGED = "dropped a message that claims to come from elsewhere";

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final RouterFixture master = new RouterFixture(log.sink(), false, 0);
    private final RouterFixture relay = new RouterFixture(log.sink(), false, 1, 0);

    // == Who may say it (1.6) ==

    @Test
    void shouldDropWithoutAnAnswerWhatClaimsToComeFromElsewhere() {
        log.expect(FORGED);
        MemoryPeer one = master.child(1);
        MemoryPeer two = master.child(2);
        master.handle(100);
        int[][] forgedSrcAndAuth = {{1, 0}, {0, 1}, {99, 1}, {99, 99}, {2, 2}, {1, 2}, {2, 1}, {0, 0}, {-1, -1}};
        for (int[] ids : forgedSrcAndAuth) {
            one.say(frame(0, ids[0], ids[1], 100, 1000, "forged"));
            one.say(frame(2, ids[0], ids[1], 100, 1000, "forged"));
        }
        one.say(frame(0, 1, 1, 100, 0, "true"));
        assertEquals(List.of("0 1 1 100 0 true"), master.handled());
        assertEquals(List.of(), one.take());
        assertEquals(List.of(), two.take());
        assertFalse(master.router.route(1).hasSentTo(2), "a forgery teaches nothing");
    }

    @Test
    void shouldBelieveWhatLivesBehindTheLinkOnceItsRouteIsKnown() {
        log.expect(FORGED);
        MemoryPeer one = master.child(1);
        master.handle(100);
        one.say(frame(0, 900, 900, 100, 0, "too early"));
        master.inTurn(() -> master.router.addRoute(900, master.router.route(1)));
        one.say(frame(0, 900, 900, 100, 0, "own"));
        one.say(frame(0, 900, 1, 100, 0, "for it"));
        assertEquals(List.of("0 900 900 100 0 own", "0 900 1 100 0 for it"), master.handled());
    }

    @Test
    void shouldBelieveItsParentInEverythingButItsOwnChildren() {
        log.expect(FORGED);
        relay.child(2);
        relay.handle(100);
        relay.parent.say(frame(1, 0, 0, 100, 0, "master"));
        relay.parent.say(frame(1, 77, 77, 100, 0, "unknown"));
        relay.parent.say(frame(1, 1, 1, 100, 0, "own"));
        relay.parent.say(frame(1, 2, 2, 100, 0, "forged"));
        relay.parent.say(frame(1, 0, 2, 100, 0, "forged"));
        assertEquals(List.of("1 0 0 100 0 master", "1 77 77 100 0 unknown", "1 1 1 100 0 own"), relay.handled());
    }

    @Test
    void shouldBelieveAChildInNothingThatItsParentMaySay() {
        log.expect(FORGED);
        MemoryPeer two = relay.child(2);
        relay.handle(100);
        two.say(frame(1, 0, 0, 100, 0, "forged"));
        two.say(frame(1, 2, 0, 100, 0, "forged"));
        two.say(frame(1, 1, 1, 100, 0, "forged"));
        assertEquals(List.of(), relay.handled());
    }

    @Test
    void shouldGiveEveryMessageOfALinkItsFixedAuthority() {
        MemoryPeer two = relay.child(2);
        relay.handle(100);
        relay.inTurn(() -> relay.router.route(2).fixAuth(1));
        two.say(frame(1, 2, 2, 100, 0, "here"));
        two.say(frame(5, 2, 2, 100, 0, "beyond"));
        assertEquals(List.of("1 2 1 100 0 here"), relay.handled());
        assertEquals(List.of("5 2 1 100 0 beyond"), relay.parent.take());
    }

    // == Where it goes (1.6) ==

    @Test
    void shouldForwardFramesUnchanged() {
        MemoryPeer two = relay.child(2);
        MemoryPeer three = relay.child(3);
        byte[] toSibling = frame(3, 2, 2, 555, 999, WireBytes.pattern(3_000));
        toSibling[1] = 0x4b;
        two.say(toSibling);
        assertArrayEquals(toSibling, three.takeBytes());
        byte[] toUnknown = frame(77, 2, 2, 100, 1000, "up");
        two.say(toUnknown);
        assertArrayEquals(toUnknown, relay.parent.takeBytes());
        byte[] down = frame(2, 0, 0, 100, 1000, "down");
        relay.parent.say(down);
        assertArrayEquals(down, two.takeBytes());
    }

    @Test
    void shouldAnswerThatThereIsNoRouteInsteadOfSendingBackUp() {
        relay.parent.say(frame(77, 0, 0, 100, 1000, "x"));
        assertEquals(List.of("0 1 1 1000 999 no route to 77, my ID is 1"), relay.parent.take());
        relay.parent.say(frame(77, 0, 0, 100, 0, "nobody waits"));
        relay.parent.say(frame(77, 0, 0, 100, 999, "a dead message"));
        relay.parent.say(frame(0, 0, 0, 100, 0, "to whom it came from"));
        assertEquals(List.of(), relay.parent.take());

        MemoryPeer one = master.child(1);
        one.say(frame(77, 1, 1, 100, 1000, "x"));
        assertEquals(List.of("1 0 0 1000 999 no route to 77, my ID is 0"), one.take());
    }

    @Test
    void shouldFailALocalCallerWhenThereIsNoRoute() {
        int replyTo = master.call(77, 101, new byte[0]);
        assertEquals(List.of("0 0 0 " + replyTo + " 999 no route to 77, my ID is 0"), master.handled());
    }

    @Test
    void shouldSendToTheParentWhatItHasNoRouteFor() {
        relay.router.send(Message.text(0, 105, "up"));
        relay.router.sendFor(2, Message.text(77, 105, "for a child"));
        assertEquals(List.of("0 1 1 105 0 up", "77 2 1 105 0 for a child"), relay.parent.take());
    }

    @Test
    void shouldFailTheCallerWhenTheLinkIsGoneAlready() {
        MemoryPeer one = master.child(1);
        MemoryPeer two = master.child(2);
        two.refuse();
        int replyTo = master.call(2, 101, new byte[0]);
        one.say(frame(2, 1, 1, 101, 1000, "x"));
        assertEquals(List.of("0 0 0 " + replyTo + " 999 the respondent Context has disconnected"), master.handled());
        assertEquals(List.of("1 0 0 1000 999 the respondent Context has disconnected"), one.take());
    }

    @Test
    void shouldRememberWhereALinkSentTo() {
        MemoryPeer two = relay.child(2);
        relay.child(3);
        two.say(frame(3, 2, 2, 100, 0, ""));
        two.say(frame(-2, 2, 2, 100, 0, ""));
        Link link = relay.router.route(2);
        assertTrue(link.hasSentTo(3) && link.hasSentTo(-2));
        assertFalse(link.hasSentTo(4));
    }

    @Test
    void shouldNotRememberWhatALinkSentAndWasNotForwarded() {
        log.expect("claims to come from elsewhere");
        RouterFixture oneWay = new RouterFixture(log.sink(), true, 0);
        MemoryPeer one = oneWay.child(1);
        oneWay.child(2);
        one.say(frame(2, 1, 1, 100, 0, "refused by the routing mode"));
        one.say(frame(77, 1, 1, 100, 0, "to nobody"));
        one.say(frame(0, 1, 1, 100, 0, "to the router itself"));
        one.say(frame(2, 2, 2, 100, 0, "forged"));
        Link link = oneWay.router.route(1);
        assertFalse(link.hasSentTo(0) || link.hasSentTo(2) || link.hasSentTo(77));
    }

    // == What a handle accepts (1.7, 1.8) ==

    @Test
    void shouldAnswerThatAHandleIsInvalid() {
        MemoryPeer one = master.child(1);
        one.say(frame(0, 1, 1, 4711, 1000, ""));
        one.say(frame(0, 1, 1, 0, 1001, ""));
        one.say(frame(0, 1, 1, 999, 1002, ""));
        one.say(frame(0, 1, 1, 4711, 0, ""));
        assertEquals(
                List.of(
                        "1 0 0 1000 999 invalid handle",
                        "1 0 0 1001 999 invalid handle",
                        "1 0 0 1002 999 invalid handle"),
                one.take());
    }

    @Test
    void shouldAcceptAnAnswerFromTheRespondentAloneButADeadMessageFromTheWayToItAsWell() {
        MemoryPeer one = master.child(1);
        MemoryPeer two = master.child(2);
        master.inTurn(() -> master.router.addRoute(3, master.router.route(2)));
        int handle = master.router.addHandler(Registration.of(master.noting()).respondent(2));
        one.say(frame(0, 1, 1, handle, 1000, "not asked"));
        two.say(frame(0, 2, 2, handle, 0, "asked"));
        one.say(frame(0, 1, 1, handle, 999, "a sibling's"));
        two.say(frame(0, 3, 3, handle, 999, "no route"));
        assertEquals(List.of("0 2 2 " + handle + " 0 asked", "0 3 3 " + handle + " 999 no route"), master.handled());
        assertEquals(List.of("1 0 0 1000 999 reply from unexpected context"), one.take());
    }

    @Test
    void shouldApplyPoliciesToDeadMessagesAsWell() {
        MemoryPeer two = relay.child(2);
        relay.router.addHandler(
                Registration.of(relay.noting()).on(106).policy(Policy.parentAuthority(relay.router.identity())));
        two.say(frame(1, 2, 2, 106, 1000, "refused"));
        two.say(frame(1, 2, 2, 106, 999, "refused"));
        relay.parent.say(frame(1, 0, 0, 106, 0, "master"));
        relay.parent.say(frame(1, 5, 1, 106, 0, "in our name"));
        relay.parent.say(frame(1, 5, 5, 106, 1001, "stranger"));
        relay.router.send(Message.text(1, 106, "self"));
        assertEquals(List.of("1 0 0 106 0 master", "1 5 1 106 0 in our name", "1 1 1 106 0 self"), relay.handled());
        assertEquals(List.of("2 1 1 1000 999 refused by policy"), two.take());
        assertEquals(List.of("5 1 1 1001 999 refused by policy"), relay.parent.take());
    }

    @Test
    void shouldTellTheImmediatePeerFromThoseBehindIt() {
        MemoryPeer two = relay.child(2);
        relay.inTurn(() -> relay.router.addRoute(3, relay.router.route(2)));
        relay.router.addHandler(Registration.of(relay.noting()).on(103).policy(Policy.IMMEDIATE_PEER));
        two.say(frame(1, 2, 2, 103, 0, "peer"));
        two.say(frame(1, 3, 3, 103, 0, "behind it"));
        relay.parent.say(frame(1, 0, 0, 103, 0, "parent"));
        relay.parent.say(frame(1, 7, 0, 103, 0, "behind the parent"));
        relay.router.send(Message.text(1, 103, "self"));
        assertEquals(List.of("1 2 2 103 0 peer", "1 0 0 103 0 parent"), relay.handled());
    }

    @Test
    void shouldServeOneAnswerOnly() {
        MemoryPeer one = master.child(1);
        int replyTo = master.call(1, 101, new byte[0]);
        one.say(frame(0, 1, 1, replyTo, 1000, "first"));
        one.say(frame(0, 1, 1, replyTo, 1001, "second"));
        assertEquals(List.of("0 1 1 " + replyTo + " 1000 first"), master.handled());
        one.take();
        one.say(frame(0, 1, 1, replyTo, 1002, "third"));
        assertEquals(List.of("1 0 0 1002 999 invalid handle"), one.take());
    }

    @Test
    void shouldKeepAOneShotHandlerWhenWhatCameWasRefused() {
        MemoryPeer one = master.child(1);
        MemoryPeer two = master.child(2);
        int replyTo = master.call(1, 101, new byte[0]);
        two.say(frame(0, 2, 2, replyTo, 0, "stolen"));
        one.say(frame(0, 1, 1, replyTo, 0, "answer"));
        assertEquals(List.of("0 1 1 " + replyTo + " 0 answer"), master.handled());
    }

    @Test
    void shouldRefuseASecondHandlerUnlessItOverwrites() {
        master.handle(103);
        assertThrows(IllegalStateException.class, () -> master.handle(103));
        master.router.addHandler(Registration.of((message, from) -> master.handled.add("overwriting"))
                .on(103)
                .overwriting());
        master.router.send(Message.text(0, 103, ""));
        assertEquals(List.of("overwriting"), master.handled());
        assertTrue(master.router.removeHandler(103));
        assertFalse(master.router.removeHandler(103));
    }

    @Test
    void shouldAnswerWhoseHandlerFailed() {
        log.expect("handler failed on");
        MemoryPeer one = master.child(1);
        master.router.addHandler(Registration.of((message, from) -> {
                    throw new IllegalStateException("told to fail");
                })
                .on(105));
        one.say(frame(0, 1, 1, 105, 1000, ""));
        assertEquals(
                List.of("1 0 0 1000 999 handler of ALLOCATE_ID failed: java.lang.IllegalStateException: told to fail"),
                one.take());
        assertFalse(one.isClosed(), "the link goes on");
    }

    @Test
    void shouldReplyOnlyToWhoAsked() {
        MemoryPeer one = master.child(1);
        master.router.addHandler(Registration.of((message, from) -> master.router.reply(message, new byte[] {'y'}))
                .on(105));
        one.say(frame(0, 1, 1, 105, 1000, ""));
        one.say(frame(0, 1, 1, 105, 0, ""));
        one.say(frame(0, 1, 1, 105, 999, ""));
        assertEquals(List.of("1 0 0 1000 0 y"), one.take());
    }

    // == Unidirectional (1.9) ==

    @Test
    void shouldLetOnlyParentsAndChildrenTalkInUnidirectionalMode() {
        RouterFixture strict = new RouterFixture(log.sink(), true, 1, 0);
        MemoryPeer two = strict.child(2);
        MemoryPeer three = strict.child(3);
        strict.handle(100);
        two.say(frame(3, 2, 2, 100, 1000, "refused"));
        assertEquals(
                List.of("2 1 1 1000 999 routing mode prevents forward of message from context 2 to context 3 via"
                        + " context 1"),
                two.take());
        two.say(frame(3, 2, 2, 100, 0, "refused"));
        assertEquals(List.of(), three.take());

        two.say(frame(1, 2, 2, 100, 0, "here"));
        two.say(frame(0, 2, 2, 100, 0, "up"));
        strict.parent.say(frame(2, 0, 0, 100, 0, "down"));
        assertEquals(List.of("1 2 2 100 0 here"), strict.handled());
        assertEquals(List.of("0 2 2 100 0 up"), strict.parent.take());
        assertEquals(List.of("2 0 0 100 0 down"), two.take());

        strict.inTurn(() -> strict.router.route(2).fixAuth(1));
        two.say(frame(3, 2, 2, 100, 0, "privileged"));
        assertEquals(List.of("3 2 1 100 0 privileged"), three.take());
        three.say(frame(2, 3, 3, 100, 0, "back"));
        assertEquals(List.of("2 3 3 100 0 back"), two.take());
    }

    // == Sizes (1.3) ==

    @Test
    void shouldFailTheCallerOfAMessageThatIsTooLarge() {
        log.expect("message too large");
        MemoryPeer one = master.child(1);
        int replyTo = master.call(1, 101, new byte[RouterFixture.MAX + 1]);
        assertEquals(List.of("0 0 0 " + replyTo + " 999 message too large (max 5000 bytes)"), master.handled());
        assertEquals(List.of(), one.take());
    }

    @Test
    void shouldTellTheRecipientOfAnAnswerThatIsTooLarge() {
        log.expect("message too large");
        MemoryPeer one = master.child(1);
        master.router.send(Message.to(1, 1000, 0, new byte[RouterFixture.MAX + 1]));
        assertEquals(List.of("1 0 0 1000 999 message too large (max 5000 bytes)"), one.take());
    }

    @Test
    void shouldDropALinkThatBringsTooMuchAndFailWhoWaitsOnIt() {
        log.expect("is corrupt: frame of 5001 bytes");
        MemoryPeer one = master.child(1);
        int replyTo = master.call(1, 101, new byte[RouterFixture.MAX]);
        one.say(WireBytes.headerClaiming(RouterFixture.MAX + 1));
        assertTrue(one.isClosed());
        assertEquals(
                List.of("0 0 0 " + replyTo + " 999 the respondent Context has disconnected: frame of 5001 bytes is"
                        + " larger than the maximum message size of 5000 bytes"),
                master.handled());
    }

    @Test
    void shouldAcceptExactlyTheLimitInBothDirections() {
        MemoryPeer one = master.child(1);
        master.handle(100);
        one.say(frame(0, 1, 1, 100, 0, new byte[RouterFixture.MAX]));
        assertEquals(1, master.handled().size());
        master.router.send(Message.to(1, 100, 0, new byte[RouterFixture.MAX]));
        assertEquals(1, one.take().size());
    }

    @Test
    void shouldDropALinkThatTalksGarbageAndServeNothingBehindIt() {
        log.expect("is corrupt: not a Mitogen frame");
        MemoryPeer one = master.child(1);
        master.handle(100);
        one.say(WireBytes.join(frame(0, 1, 1, 100, 0, "before"), new byte[26], frame(0, 1, 1, 100, 0, "behind")));
        assertEquals(List.of("0 1 1 100 0 before"), master.handled());
        assertTrue(one.isClosed());
    }

    @Test
    void shouldServeNothingMoreOfALinkThatAHandlerClosed() {
        MemoryPeer one = master.child(1);
        master.router.addHandler(Registration.of((message, from) -> {
                    master.handled.add(message.text());
                    from.stream().close("told to");
                })
                .on(100));
        one.say(WireBytes.join(frame(0, 1, 1, 100, 0, "first"), frame(0, 1, 1, 100, 0, "second")));
        assertEquals(List.of("first"), master.handled());
    }

    // == The end of contexts, links, routers ==

    @Test
    void shouldFailWhoWaitsForTheContextsOfALinkAndNobodyElse() {
        List<String> gone = listen(master.router);
        MemoryPeer one = master.child(1);
        master.child(2);
        Link overOne = master.router.route(1);
        master.inTurn(() -> master.router.addRoute(900, overOne));
        int toOne = master.call(1, 101, new byte[0]);
        int toTwo = master.call(2, 101, new byte[0]);
        int behindOne = master.call(900, 101, new byte[0]);
        one.hangUp();
        String reason = " 999 the respondent Context has disconnected: the other end closed the link";
        assertEquals(List.of("0 0 0 " + toOne + reason, "0 0 0 " + behindOne + reason), master.handled());
        assertEquals(
                List.of(
                        "1 over " + overOne + ": the other end closed the link",
                        "900 over " + overOne + ": the other end closed the link",
                        "gone: " + overOne),
                gone);
        assertArrayEquals(new int[] {2}, master.router.routedIds());
        assertTrue(master.router.removeHandler(toTwo), "who waits for another still waits");
    }

    @Test
    void shouldTellListenersOfALossBeforeThoseWhoWaitAndMayAskForTheReason() {
        List<Integer> failedBefore = new ArrayList<>();
        master.router.listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, Link over, String reason) {
                failedBefore.add(master.handled().size());
            }

            @Override
            public void onLinkGone(Link link, String reason) {}
        });
        MemoryPeer one = master.child(1);
        master.call(1, 101, new byte[0]);
        one.hangUp();
        assertEquals(List.of(0), failedBefore);
        assertEquals(1, master.handled().size());
    }

    @Test
    void shouldKeepARouteThatMovedToAnotherLink() {
        MemoryPeer one = master.child(1);
        master.child(2);
        master.inTurn(() -> {
            master.router.addRoute(900, master.router.route(1));
            master.router.addRoute(900, master.router.route(2));
        });
        int replyTo = master.call(900, 101, new byte[0]);
        one.fail(new IOException("Connection reset by peer"));
        assertEquals(List.of(), master.handled());
        assertTrue(master.router.removeHandler(replyTo));
        assertEquals(2, master.router.route(900).peerId());
    }

    @Test
    void shouldFailWhoWaitsWhenTheParentSaysThatAContextIsGone() {
        List<String> gone = listen(relay.router);
        int replyTo = relay.call(77, 101, new byte[0]);
        relay.inTurn(() -> relay.router.deleteRoute(77, "its parent lost it"));
        assertEquals(
                List.of("1 1 1 " + replyTo + " 999 the respondent Context has disconnected: its parent lost it"),
                relay.handled());
        assertEquals(List.of("77 over null: its parent lost it"), gone);
    }

    @Test
    void shouldFailEverybodyNowAndLaterWhenTheBrokerEnds() {
        log.expect("the broker died");
        MemoryPeer one = master.child(1);
        int lasting = master.router.addHandler(Registration.of(master.noting()));
        master.driver.end(new OutOfMemoryError("told to fail"));
        String reason = "Broker has exitted: its thread died of java.lang.OutOfMemoryError: told to fail";
        assertEquals(List.of("0 0 0 " + lasting + " 999 " + reason), List.copyOf(master.handled));
        assertTrue(one.isClosed());
        master.handled.clear();

        int late = master.call(1, 101, new byte[0]);
        assertEquals(List.of("0 0 0 " + late + " 999 " + reason), master.handled);
    }

    @Test
    void shouldSayThatItHasEndedToWhoSendsToAHandlerThatWentWithIt() {
        relay.handle(Handles.CALL_FUNCTION);
        relay.inTurn(() -> relay.router.onExit("Broker has exitted"));
        relay.handled();
        relay.parent.say(frame(1, 0, 0, Handles.CALL_FUNCTION, 1000, ""));
        relay.parent.say(frame(1, 0, 0, 4711, 1001, ""));
        String reason = " 999 the respondent Context has disconnected: Broker has exitted";
        assertEquals(List.of("0 1 1 1000" + reason, "0 1 1 1001" + reason), relay.parent.take());
        assertEquals(List.of(), relay.handled());
    }

    @Test
    void shouldFailTheHandlersOfARouterThatWasMadeTooLate() {
        master.driver.end(null);
        Router late = new Router(master.driver.broker(), new Identity(0), new Router.Settings(100, false), log.sink());
        int handle = late.addHandler(Registration.of(master.noting()));
        assertEquals(List.of("0 0 0 " + handle + " 999 Broker has exitted"), master.handled);
    }

    @Test
    void shouldGoOnWhenOneOfManyThatFailFails() {
        log.expect("handler failed on");
        MemoryPeer one = master.child(1);
        master.router.addHandler(Registration.reply(
                (message, from) -> {
                    throw new IllegalStateException("told to fail");
                },
                1));
        int second = master.call(1, 101, new byte[0]);
        one.hangUp();
        assertEquals(1, master.handled.size());
        assertTrue(master.handled.get(0).startsWith("0 0 0 " + second + " 999 the respondent"));
    }

    @Test
    void shouldShowEveryFrameToTheTap() {
        List<String> lines = new ArrayList<>();
        MemoryPeer one = master.child(1);
        master.handle(100);
        master.router.tap(new MessageTap() {
            @Override
            public void onReceived(String stream, Object frame) {
                lines.add(stream + " << " + frame);
            }

            @Override
            public void onSent(String stream, Object frame) {
                lines.add(stream + " >> " + frame);
            }
        });
        one.say(frame(0, 1, 1, 100, 1000, "abc"));
        master.router.send(Message.text(1, 1000, "answer"));
        master.router.tap(null);
        master.router.send(Message.text(1, 1000, "unseen"));
        assertEquals(
                List.of(
                        "child1 << dst 0  src 1  GET_MODULE  reply 1000  3 B",
                        "child1 >> dst 1  src 0  #1000  reply -  6 B"),
                lines);
    }

    private static List<String> listen(Router router) {
        List<String> gone = new ArrayList<>();
        router.listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, Link over, String reason) {
                gone.add(contextId + " over " + over + ": " + reason);
            }

            @Override
            public void onLinkGone(Link link, String reason) {
                gone.add("gone: " + link);
            }
        });
        return gone;
    }
}
