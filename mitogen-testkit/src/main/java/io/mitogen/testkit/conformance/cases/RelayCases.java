// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.relay;

import io.mitogen.testkit.conformance.peer.Below;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Limits;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A context with children: how it gets them, and what it passes on. */
final class RelayCases {
    private static final int UNKNOWN = 123_456;
    private static final int SMALL_LIMIT = 1 << 20;

    private RelayCases() {}

    static List<Case> cases() {
        return List.of(
                relay(
                        "relay.ids",
                        "ids for children come in blocks, asked for at handle 105 of the master when one is needed",
                        RelayCases::ids),
                relay(
                        "relay.announced",
                        "a child is announced with ADD_ROUTE, ID:NAME, before the one who wanted it hears of it",
                        RelayCases::announced),
                relay(
                        "relay.told",
                        "a child is told its id, all its ancestors, and what its parent was told",
                        RelayCases::told),
                relay("relay.down", "a frame for a child passes unchanged", RelayCases::down),
                relay("relay.up", "a frame of a child for an ancestor passes unchanged", RelayCases::up),
                relay(
                        "relay.unknown-up",
                        "a frame of a child for somebody unknown goes to the parent",
                        RelayCases::unknownUp),
                relay(
                        "relay.siblings",
                        "a frame of a child for its sibling goes there, and not to the parent",
                        RelayCases::siblings),
                relay(
                        "relay.back-to-child",
                        "a frame of a child for itself, or for a context behind it, goes back over the same link",
                        RelayCases::backToChild),
                relay(
                        "relay.back-to-parent",
                        "a frame of the parent for nobody below never goes back there: no route to D, my ID is M",
                        RelayCases::backToParent),
                relay("relay.order", "frames keep their order", RelayCases::order),
                relay("relay.enc", "4d4a and 4d4b pass unchanged", RelayCases::enc),
                relay("relay.large", "a frame far larger than what is read at once passes", RelayCases::large),
                relay(
                        "relay.too-large",
                        "what is longer than max_message_size ends the link of the child that sends it, and nothing else",
                        RelayCases::tooLarge),
                relay(
                        "relay.corrupt-child",
                        "a corrupt frame ends the link of the child that sends it, and nothing else",
                        RelayCases::corrupt),
                relay("relay.calls", "calls work in a context with children as before", RelayCases::calls),
                relay("relay.logs", "log records of children pass unchanged", RelayCases::logs),
                relay("relay.shutdown", "SHUTDOWN ends the children first", RelayCases::shutdown),
                relay(
                        "relay.shutdown-deaf-child",
                        "a child that does not end keeps nobody from ending",
                        RelayCases::deafChild),
                relay("relay.lost-parent", "when the parent is lost, the children are ended", RelayCases::lostParent),
                relay(
                        "relay.child-ended",
                        "the process of a child whose link is lost is ended, whatever it does: TERM, then KILL",
                        RelayCases::childEnded));
    }

    private static String ids(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0));
        List<Below> children = relay.children(2);
        List<Frame> requests = relay.up().since(0).stream()
                .filter(frame -> frame.handle() == Handle.ALLOCATE_ID)
                .toList();
        Check.equal("requests for ids", 1, requests.size());
        Check.equal("dst_id", 0, requests.get(0).dst());
        Check.that(
                requests.get(0).replyTo() != 0,
                "an answer is wanted",
                requests.get(0).toString());
        Check.equal(
                "ids of the children",
                List.of(2, 3),
                children.stream().map(Below::id).toList());
        return "one request for two children; " + requests.get(0);
    }

    private static String announced(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0));
        int outcome = relay.begin();
        Below child = relay.accept();
        Link up = relay.up();
        Frame route = up.await(0, "ADD_ROUTE for the child", Tree.route(Handle.ADD_ROUTE, child.id()));
        Object told = Link.value(up.awaitAnswer(outcome, "the outcome of the connection"));
        Check.equal("dst_id", 7, route.dst());
        Check.equal("src_id", up.peerId(), route.src());
        Check.equal("auth_id", up.peerId(), route.auth());
        Check.that(route.text().matches("(?s)" + child.id() + ":.+"), child.id() + ":NAME", route.text());
        Object id = told instanceof Map ? Check.item((Map<?, ?>) told, "id") : null;
        Check.equal("id in the outcome", BigInteger.valueOf(child.id()), id);
        List<Integer> order = up.since(0).stream().map(Frame::handle).toList();
        Check.that(order.indexOf(Handle.ADD_ROUTE) < order.indexOf(outcome), "ADD_ROUTE first", "handles " + order);
        return route.toString() + " " + route.text();
    }

    private static String told(Bench bench) throws Deviation, IOException {
        Wanted wanted = Wanted.DEFAULT
                .withParents(7, 0)
                .withMaxMessageBytes(SMALL_LIMIT)
                .inOneDirection();
        Relay relay = bench.freshRelay(wanted);
        Below child = relay.children(1).get(0);
        Check.equal("parent_ids", List.of(wanted.id(), 7, 0), child.told().parentIds());
        Check.equal("max_message_size", SMALL_LIMIT, child.told().number("max_message_size"));
        Check.equal("unidirectional", true, child.told().configuration().get("unidirectional"));
        return "context " + child.id() + " of " + child.told().parentIds();
    }

    private static void same(Frame sent, Frame came) throws Deviation {
        Check.equal("the header", sent.toString(), came.toString());
        Check.equal("the encoding", sent.enc(), came.enc());
        Check.that(java.util.Arrays.equals(sent.body(), came.body()), "the same body", "another one");
    }

    private static String down(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Frame sent = new Frame(Frame.MGC, child.id(), 33, 0, Handle.CALL_FUNCTION, 4711, new byte[] {0, 1, -1});
        same(sent, Tree.deliver(relay.up(), child.link(), sent));
        return sent.toString();
    }

    private static String up(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Frame sent = new Frame(Frame.MGC, 0, child.id(), child.id(), 5555, 4711, new byte[] {0, 1, -1});
        same(sent, Tree.deliver(child.link(), relay.up(), sent));
        return sent.toString();
    }

    private static String unknownUp(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Frame sent = child.link()
                .frame(5555, child.link().newHandle(), new byte[] {1})
                .to(123_456);
        same(sent, Tree.deliver(child.link(), relay.up(), sent));
        return sent.toString();
    }

    private static String siblings(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below first = relay.children(2).get(0);
        Below second = relay.children(2).get(1);
        int mark = relay.up().mark();
        Frame sent = first.link().frame(5555, 4711, new byte[] {1}).to(second.id());
        same(sent, Tree.deliver(first.link(), second.link(), sent));
        Tree.fenceUp(relay, first);
        Check.none(relay.up(), mark, "frame for a sibling at the parent", frame -> frame.handle() == 5555);
        return sent.toString();
    }

    private static String backToChild(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        Link link = child.link();
        List<String> passed = new ArrayList<>();
        for (int dst : new int[] {child.id(), behind}) {
            Frame sent = link.frame(5556, 4711, new byte[] {1}).to(dst);
            Frame came = Tree.deliver(link, link, sent);
            same(sent, came);
            passed.add(came.toString());
        }
        return String.join(", ", passed);
    }

    private static String backToParent(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        relay.children(1);
        Link up = relay.up();
        int mark = up.mark();
        up.send(up.frame(5557, 0, new byte[] {1}).to(UNKNOWN));
        Frame dead = Tree.probe(relay, UNKNOWN);
        Check.dead(dead, Tree.noRoute(relay, UNKNOWN));
        Check.none(up, mark, "frame sent back to the parent", frame -> frame.handle() == 5557);
        return dead.toString();
    }

    private static String order(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        int mark = child.link().mark();
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(10_000 + i);
            relay.up().send(relay.up().frame(10_000 + i, 0, new byte[i]).to(child.id()));
        }
        Tree.fenceDown(relay, child);
        List<Integer> came = child.link().since(mark).stream()
                .map(Frame::handle)
                .filter(sent::contains)
                .toList();
        Check.equal("handles of the frames", sent, came);
        return sent.size() + " frames in order";
    }

    private static String enc(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        for (int enc : List.of(Frame.PKL, Frame.BIN)) {
            Frame sent =
                    relay.up().frame(5555, 0, new byte[] {1}).to(child.id()).withEnc(enc);
            same(
                    sent,
                    Tree.deliver(relay.up(), child.link(), sent, Limits.END)); // before 0.3.39 the context ends instead
        }
        return "both passed";
    }

    private static String large(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Frame sent = relay.up().frame(5555, 0, new byte[5_000_000]).to(child.id());
        same(sent, Tree.deliver(relay.up(), child.link(), sent));
        return sent.toString();
    }

    private static String tooLarge(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withMaxMessageBytes(SMALL_LIMIT));
        Below child = relay.children(2).get(0);
        byte[] header = child.link().frame(5555, 0, new byte[0]).toBytes();
        child.link()
                .write(ByteBuffer.wrap(header)
                        .putInt(Frame.HEADER_BYTES - 4, SMALL_LIMIT + 1)
                        .array());
        return ended(bench, relay, child);
    }

    private static String corrupt(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(2).get(0);
        child.link().write(new byte[Frame.HEADER_BYTES]);
        return ended(bench, relay, child);
    }

    private static String ended(Bench bench, Relay relay, Below child) throws Deviation, IOException {
        child.link().awaitEnd("the link of the child is closed");
        relay.up().await(0, "DEL_ROUTE for the child", Tree.route(Handle.DEL_ROUTE, child.id()));
        bench.fence(relay.up());
        Below other = relay.children(2).get(1);
        Tree.fence(other);
        return "the link of the child was closed, the parent was told, its sibling goes on";
    }

    private static String calls(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        relay.children(1);
        bench.fence(relay.up());
        Frame failure = relay.up().awaitAnswer(relay.up().call(bench.dialect().fail("kit-word")), "an answer");
        return Check.failure(failure).lines().findFirst().orElse("");
    }

    private static String logs(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Frame sent = Tree.text(child.link(), Handle.FORWARD_LOG, "kit\00030\0a record")
                .to(0);
        same(sent, Tree.deliver(child.link(), relay.up(), sent));
        return sent.toString();
    }

    private static void awaitShutdown(Relay relay, Below child) throws Deviation {
        Frame order = child.link().await(0, "SHUTDOWN at the child", frame -> frame.handle() == Handle.SHUTDOWN);
        Check.equal("dst_id", child.id(), order.dst());
        Check.equal("src_id", relay.up().peerId(), order.src());
        Check.equal("auth_id", relay.up().peerId(), order.auth());
    }

    private static String shutdown(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        relay.up().send(relay.up().frame(Handle.SHUTDOWN, 0, new byte[0]));
        awaitShutdown(relay, child);
        Check.that(relay.up().isOpen(), "the link stays open while the child ends", "it is closed");
        child.close();
        relay.up().awaitEnd("the link is closed when the child has ended", Limits.END);
        relay.up().await(0, "DEL_ROUTE for the child", Tree.route(Handle.DEL_ROUTE, child.id()));
        relay.peer().awaitExit();
        return "SHUTDOWN to the child, DEL_ROUTE to the parent, then the end";
    }

    private static String deafChild(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        relay.up().send(relay.up().frame(Handle.SHUTDOWN, 0, new byte[0]));
        awaitShutdown(relay, child);
        relay.peer().awaitExit();
        child.link().awaitEnd("the link of the child is closed", Limits.END);
        return "it ended while its child did not";
    }

    private static String lostParent(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        relay.up().close();
        awaitShutdown(relay, child);
        child.close();
        relay.peer().awaitExit();
        return "SHUTDOWN to the child, then the end";
    }

    private static String childEnded(Bench bench) throws Deviation, NotApplicable, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.addStubbornChild();
        if (!child.isProcess()) {
            throw new NotApplicable("its children are no processes");
        }
        child.close();
        relay.up().await(0, "DEL_ROUTE for the child", Tree.route(Handle.DEL_ROUTE, child.id()));
        boolean isGone = child.awaitExit(bench.session().patience().plus(Limits.REAP));
        Check.that(isGone, "the process of the child is ended", "it still runs, as it ignores TERM");
        bench.fence(relay.up());
        return "a process that ignores TERM and the loss of its link was ended";
    }
}
