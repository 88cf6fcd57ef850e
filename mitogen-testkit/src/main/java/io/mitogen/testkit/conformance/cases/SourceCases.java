// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.relay;

import io.mitogen.testkit.conformance.peer.Below;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Who a message comes from is proved by the link that it comes on, and who may talk with whom is decided there. */
final class SourceCases {
    private static final int UNKNOWN = 888;

    private SourceCases() {}

    static List<Case> cases() {
        return List.of(
                relay(
                        "source.forged",
                        "a frame of a child whose src_id or auth_id does not live behind its link is dropped, and answered by nobody",
                        SourceCases::forged),
                relay(
                        "source.announced",
                        "a frame of a child passes with the src_id of a context behind it, and the authority of that or its own",
                        SourceCases::announced),
                relay(
                        "source.authority",
                        "a child has no authority over its parent: refused by policy",
                        SourceCases::authority),
                relay(
                        "source.from-above",
                        "what comes from the parent may claim to come from anywhere but from below",
                        SourceCases::fromAbove),
                relay(
                        "direction.siblings",
                        "in unidirectional mode a frame between children is refused: routing mode prevents forward of message from context A to context B via context M",
                        SourceCases::siblings),
                relay(
                        "direction.silent",
                        "in unidirectional mode what wants no answer is dropped",
                        SourceCases::silent),
                relay(
                        "direction.back-to-child",
                        "in unidirectional mode a frame of a child does not go back over the same link: routing mode prevents forward",
                        SourceCases::backToChild),
                relay(
                        "direction.ancestors",
                        "in unidirectional mode frames to and from ancestors pass",
                        SourceCases::ancestors));
    }

    private static String forged(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below first = relay.children(2).get(0);
        Below second = relay.children(2).get(1);
        int own = first.id();
        int between = relay.up().peerId();
        List<int[]> all = List.of(
                new int[] {own, 0},
                new int[] {0, own},
                new int[] {0, 0},
                new int[] {own, second.id()},
                new int[] {second.id(), own},
                new int[] {second.id(), second.id()},
                new int[] {own, UNKNOWN},
                new int[] {UNKNOWN, own},
                new int[] {UNKNOWN, UNKNOWN},
                new int[] {own, between},
                new int[] {between, between});
        int up = relay.up().mark();
        int down = first.link().mark();
        int side = second.link().mark();
        int handle = 6001;
        for (int[] each : all) {
            for (int dst : new int[] {0, between, second.id()}) {
                Frame frame = first.link().frame(handle, 6002, new byte[] {1});
                first.link().send(frame.to(dst).from(each[0], each[1]));
            }
        }
        Tree.fence(first);
        Tree.fenceUp(relay, first);
        Tree.fenceDown(relay, second);
        Check.none(
                relay.up(),
                up,
                "forged frame at the parent",
                frame -> frame.handle() == handle || frame.handle() == 6002);
        Check.none(
                second.link(),
                side,
                "forged frame at the sibling",
                frame -> frame.handle() == handle || frame.handle() == 6002);
        Check.none(first.link(), down, "answer to a forgery", frame -> frame.handle() == 6002);
        return all.size() + " forgeries for the parent, for the context itself and for a sibling were dropped";
    }

    private static String announced(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        List<String> passed = new ArrayList<>();
        for (int auth : new int[] {behind, child.id()}) {
            Frame sent = child.link().frame(6003, 0, new byte[] {1}).to(0).from(behind, auth);
            passed.add(Tree.deliver(child.link(), relay.up(), sent).toString());
        }
        return passed.toString();
    }

    private static String authority(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Link link = relay.children(1).get(0).link();
        for (int handle : new int[] {Handle.CALL_FUNCTION, Handle.SHUTDOWN, Handle.LOAD_MODULE}) {
            int answer = link.newHandle();
            link.send(link.frame(handle, answer, bench.dialect().add(1, 2).toBytes()));
            Check.dead(link.awaitAnswer(answer, "a refusal of handle " + handle), Check.REFUSED);
        }
        bench.fence(relay.up());
        return "101, 106 and 107 are refused";
    }

    private static String fromAbove(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Link up = relay.up();
        Frame strange = up.frame(6004, 0, new byte[] {1}).to(child.id()).from(UNKNOWN, UNKNOWN);
        Tree.deliver(up, child.link(), strange);
        int mark = child.link().mark();
        up.send(up.frame(6005, 0, new byte[] {1}).to(child.id()).from(child.id(), child.id()));
        up.send(up.frame(6005, 0, new byte[] {1}).to(child.id()).from(0, child.id()));
        Tree.fenceDown(relay, child);
        Check.none(child.link(), mark, "frame that claims to come from below", frame -> frame.handle() == 6005);
        return "one of a stranger passed, two that claimed to come from below did not";
    }

    private static String siblings(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.inOneDirection());
        Below first = relay.children(2).get(0);
        Below second = relay.children(2).get(1);
        int mark = second.link().mark();
        int handle = first.link().newHandle();
        first.link().send(first.link().frame(6006, handle, new byte[] {1}).to(second.id()));
        Frame refusal = first.link().awaitAnswer(handle, "a refusal");
        Check.dead(
                refusal,
                "routing mode prevents forward of message from context " + first.id() + " to context " + second.id()
                        + " via context " + relay.up().peerId());
        Tree.fenceDown(relay, second);
        Check.none(second.link(), mark, "frame of a sibling", frame -> frame.handle() == 6006);
        return refusal.toString();
    }

    private static String silent(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.inOneDirection());
        Below first = relay.children(2).get(0);
        Below second = relay.children(2).get(1);
        int mark = second.link().mark();
        first.link().send(first.link().frame(6006, 0, new byte[] {1}).to(second.id()));
        Tree.fence(first);
        Tree.fenceDown(relay, second);
        Check.none(second.link(), mark, "frame of a sibling", frame -> frame.handle() == 6006);
        Check.none(
                first.link(),
                0,
                "dead message",
                frame -> frame.isDead() && !frame.text().equals(Check.INVALID_HANDLE));
        return "nothing came";
    }

    private static String backToChild(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.inOneDirection());
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        int handle = child.link().newHandle();
        child.link().send(child.link().frame(6008, handle, new byte[] {1}).to(behind));
        Frame refusal = child.link().awaitAnswer(handle, "a refusal");
        Check.dead(
                refusal,
                "routing mode prevents forward of message from context " + child.id() + " to context " + child.id()
                        + " via context " + relay.up().peerId());
        return refusal.toString();
    }

    private static String ancestors(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0).inOneDirection());
        Below child = relay.children(1).get(0);
        Tree.deliver(
                child.link(),
                relay.up(),
                child.link().frame(6007, 0, new byte[] {1}).to(0));
        Tree.deliver(
                child.link(),
                relay.up(),
                child.link().frame(6007, 0, new byte[] {1}).to(7));
        Tree.deliver(
                relay.up(),
                child.link(),
                relay.up().frame(6007, 0, new byte[] {1}).to(child.id()).from(0, 0));
        Tree.deliver(
                relay.up(),
                child.link(),
                relay.up().frame(6007, 0, new byte[] {1}).to(child.id()).from(55, 55));
        return "to both ancestors, from one, and through one";
    }
}
