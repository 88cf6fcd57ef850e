// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Dead messages: what could not be delivered, and who is told. */
final class DeadCases {
    private static final int UNUSED = 4000;
    private static final int NOWHERE = 77;

    private DeadCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "dead.form",
                        "a dead message has reply_to 999, 4d49 in front, the reason as its body, and goes to reply_to of what it answers",
                        DeadCases::form),
                child("dead.unanswered", "nothing answers a dead message", DeadCases::unanswered),
                child("dead.unwanted", "what wants no answer gets no dead message", DeadCases::unwanted),
                child(
                        "dead.no-route",
                        "what came from the parent for nobody below: no route to D, my ID is M",
                        DeadCases::noRoute),
                child(
                        "dead.no-route-unwanted",
                        "what came from the parent for nobody below is dropped where no answer is wanted, and never sent back",
                        DeadCases::noRouteUnwanted),
                child(
                        "dead.at-handles",
                        "a dead message at handle 104, 107 or 113 does nothing, and is not answered",
                        DeadCases::atHandles),
                child(
                        "dead.respondent-gone",
                        "DEL_ROUTE of the parent gives who waits for that context a dead message: the respondent Context has disconnected",
                        DeadCases::respondentGone));
    }

    private static Frame probe(Link link, Frame frame) throws Deviation {
        link.send(frame);
        return link.awaitAnswer(frame.replyTo(), "a dead message");
    }

    private static String form(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int handle = link.newHandle();
        Frame dead = probe(link, link.frame(UNUSED, handle, new byte[0]));
        Check.equal("reply_to", Frame.DEAD, dead.replyTo());
        Check.equal("enc", Frame.MGC, dead.enc());
        Check.equal("src_id", link.peerId(), dead.src());
        Check.equal("auth_id", link.peerId(), dead.auth());
        Check.equal("reason", Check.INVALID_HANDLE, dead.text());
        return dead.toString();
    }

    private static String unanswered(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        byte[] reason = "gone".getBytes(StandardCharsets.UTF_8);
        link.send(link.frame(UNUSED, Frame.DEAD, reason));
        link.send(link.frame(UNUSED, Frame.DEAD, reason).to(NOWHERE));
        link.send(link.frame(UNUSED, Frame.DEAD, new byte[0]));
        bench.fence();
        Check.equal("frames that came", 1, link.mark() - mark);
        return "nothing but the answer to the next call";
    }

    private static String unwanted(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        link.send(link.frame(UNUSED, 0, new byte[] {1}));
        bench.fence();
        Check.equal("frames that came", 1, link.mark() - mark);
        return "nothing but the answer to the next call";
    }

    private static String noRoute(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        Frame dead =
                probe(link, link.frame(UNUSED, link.newHandle(), new byte[0]).to(NOWHERE));
        Check.dead(dead, "no route to " + NOWHERE + ", my ID is " + link.peerId());
        return dead.toString();
    }

    private static String noRouteUnwanted(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        int mark = link.mark();
        link.send(link.frame(UNUSED, 0, new byte[] {1}).to(NOWHERE));
        bench.fence();
        Check.equal("frames that came", 1, link.mark() - mark);
        return "nothing but the answer to the next call";
    }

    private static String atHandles(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        bench.fence(link);
        int mark = link.mark();
        byte[] reason = "gone".getBytes(StandardCharsets.UTF_8);
        for (int handle : new int[] {Handle.DEL_ROUTE, Handle.LOAD_MODULE, Handle.LOAD_RESOURCE}) {
            link.send(link.frame(handle, Frame.DEAD, reason), link.frame(handle, Frame.DEAD, new byte[0]));
        }
        bench.fence(link);
        Check.none(link, mark, "answer to a dead message", Frame::isDead);
        return "the context goes on";
    }

    private static String respondentGone(Bench bench) throws Deviation, NotApplicable, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        Link link = peer.link();
        Waiting waiting = Waiting.begin(bench.dialect(), peer, NOWHERE, link);
        link.send(link.frame(Handle.DEL_ROUTE, 0, Integer.toString(NOWHERE).getBytes(StandardCharsets.UTF_8)));
        return waiting.awaitLoss();
    }
}
