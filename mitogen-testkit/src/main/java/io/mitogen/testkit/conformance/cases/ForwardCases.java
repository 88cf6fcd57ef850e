// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.relay;

import io.mitogen.testkit.conformance.peer.Below;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.peer.Relay;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Repr;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a context with children answers in its parent's place: modules, and the other handles that only parents have. */
final class ForwardCases {
    private static final byte[] CONTENT = "the content of a module".getBytes(StandardCharsets.UTF_8);

    private ForwardCases() {}

    static List<Case> cases() {
        return List.of(
                relay(
                        "forward.request",
                        "a module that a child asks for is asked for at the parent, in the name of the context itself",
                        ForwardCases::request),
                relay(
                        "forward.once",
                        "what was asked for once is kept: other children get it without another request",
                        ForwardCases::once),
                relay("forward.merged", "requests of several children for one module become one", ForwardCases::merged),
                relay("forward.missing", "the answer that there is no module is passed on", ForwardCases::missing),
                relay(
                        "forward.related",
                        "modules of the related list that are here are sent first, the one asked for last",
                        ForwardCases::related),
                relay(
                        "forward.related-once",
                        "a related module that went down a link before is not sent there again",
                        ForwardCases::relatedOnce),
                relay(
                        "forward.not-a-peer",
                        "a request of another than the peer of the link is refused: refused by policy",
                        ForwardCases::notPeer),
                relay(
                        "forward.forward-module",
                        "FORWARD_MODULE, ID NUL NAME, has a module sent to the child that leads there",
                        ForwardCases::forwardModule),
                relay("forward.detaching", "DETACHING of a child is answered with None", ForwardCases::detaching),
                relay(
                        "forward.closed-handles",
                        "102, 105 and 111 are not for parents below the master: invalid handle",
                        ForwardCases::closed),
                relay(
                        "forward.wrong-respondent",
                        "an answer of another context than the one asked is refused: reply from unexpected context",
                        ForwardCases::respondent),
                relay("forward.answered-once", "a second answer finds nobody: invalid handle", ForwardCases::twice));
    }

    private static boolean names(Frame frame, int handle, String name) {
        if (frame.handle() != handle) {
            return false;
        }
        if (handle == Handle.GET_MODULE) {
            return frame.text().equals(name);
        }
        try {
            return Link.value(frame) instanceof Tuple tuple && tuple.size() == 5 && name.equals(tuple.get(0));
        } catch (Deviation expected) { // it names nothing
            return false;
        }
    }

    private static Frame ask(Below child, String name) throws Deviation {
        int mark = child.link().mark();
        child.link().send(Tree.text(child.link(), Handle.GET_MODULE, name));
        return child.link().await(mark, "LOAD_MODULE of " + name, frame -> names(frame, Handle.LOAD_MODULE, name));
    }

    private static long requests(Relay relay, String name) {
        return relay.up().since(0).stream()
                .filter(frame -> names(frame, Handle.GET_MODULE, name))
                .count();
    }

    private static String request(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0));
        Below child = relay.children(1).get(0);
        String name = bench.dialect().requestFor("kit_module");
        relay.peer().duties().add(name, Modules.found(name, null, CONTENT, List.of()));
        Frame answer = ask(child, name);
        Check.equal("dst_id of the answer", child.id(), answer.dst());
        Check.equal("src_id of the answer", relay.up().peerId(), answer.src());
        Check.equal("auth_id of the answer", relay.up().peerId(), answer.auth());
        Frame request = relay.up().await(0, "a request", frame -> names(frame, Handle.GET_MODULE, name));
        Check.equal("dst_id of the request", 7, request.dst());
        Check.equal("src_id of the request", relay.up().peerId(), request.src());
        Tuple sent = (Tuple) Link.value(answer);
        Check.equal("path", "conformance/" + name, sent.get(2));
        Object data = sent.get(3) instanceof io.mitogen.testkit.conformance.wire.Made made
                ? made.arguments().get(0)
                : sent.get(3);
        Check.equal("content", Repr.of(Modules.deflated(CONTENT)), Repr.of(data));
        return answer.toString();
    }

    private static String once(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        List<Below> children = relay.children(2);
        String name = bench.dialect().requestFor("kit_once");
        relay.peer().duties().add(name, Modules.found(name, null, CONTENT, List.of()));
        ask(children.get(0), name);
        ask(children.get(1), name);
        Check.equal("requests", 1L, requests(relay, name));
        return "one request for two children";
    }

    private static String merged(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        List<Below> children = relay.children(2);
        String name = bench.dialect().requestFor("kit_merged");
        relay.peer().duties().addSilent(name);
        List<Integer> marks = new ArrayList<>();
        for (Below child : children.subList(0, 2)) {
            marks.add(child.link().mark());
            child.link().send(Tree.text(child.link(), Handle.GET_MODULE, name));
            Tree.fence(child);
        }
        Tree.fenceUp(relay, children.get(1));
        relay.up().send(relay.up().frame(Handle.LOAD_MODULE, 0, Modules.found(name, null, CONTENT, List.of())));
        for (int i = 0; i < 2; i++) {
            children.get(i).link().await(marks.get(i), "LOAD_MODULE", frame -> names(frame, Handle.LOAD_MODULE, name));
        }
        Check.equal("requests", 1L, requests(relay, name));
        return "one request, two answers";
    }

    private static String missing(Bench bench) throws Deviation, IOException {
        Relay relay = bench.relay();
        Below child = relay.children(1).get(0);
        Tuple answer = (Tuple) Link.value(ask(child, bench.dialect().requestFor("kit_not_there")));
        Check.equal("content", null, answer.get(3));
        return Repr.brief(answer);
    }

    private static String related(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        List<Below> children = relay.children(2);
        String first = bench.dialect().requestFor("kit_first");
        String second = bench.dialect().requestFor("kit_second");
        String unknown = bench.dialect().requestFor("kit_unknown");
        relay.peer().duties().add(first, Modules.found(first, null, CONTENT, List.of()));
        relay.peer().duties().add(second, Modules.found(second, null, CONTENT, List.of(first, unknown)));
        ask(children.get(0), first);
        ask(children.get(1), second);
        List<String> order = children.get(1).link().since(0).stream()
                .filter(frame -> frame.handle() == Handle.LOAD_MODULE)
                .map(frame -> names(frame, Handle.LOAD_MODULE, first) ? first : second)
                .toList();
        Check.equal("modules that were sent", List.of(first, second), order);
        return String.join(", then ", order);
    }

    private static String relatedOnce(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        String first = bench.dialect().requestFor("kit_first");
        String second = bench.dialect().requestFor("kit_second");
        String third = bench.dialect().requestFor("kit_third");
        relay.peer().duties().add(first, Modules.found(first, null, CONTENT, List.of()));
        relay.peer().duties().add(second, Modules.found(second, null, CONTENT, List.of(first)));
        relay.peer().duties().add(third, Modules.found(third, null, CONTENT, List.of(first, second)));
        for (String name : List.of(first, second, third)) {
            ask(child, name);
        }
        Tree.fenceDown(relay, child);
        List<String> sent = new ArrayList<>();
        for (Frame frame : child.link().since(0)) {
            if (frame.handle() == Handle.LOAD_MODULE && Link.value(frame) instanceof Tuple module) {
                sent.add(String.valueOf(module.get(0)));
            }
        }
        Check.equal("modules that were sent", List.of(first, second, third), sent);
        return "each of " + sent.size() + " modules once";
    }

    private static String notPeer(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        Link link = child.link();
        int answer = link.newHandle();
        Frame frame = link.frame(Handle.GET_MODULE, answer, "kit_module".getBytes(StandardCharsets.UTF_8));
        link.send(frame.from(behind, behind));
        Frame refusal = link.await(0, "a refusal", seen -> seen.handle() == answer);
        Check.dead(refusal, Check.REFUSED);
        return refusal.toString();
    }

    private static String forwardModule(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        Link up = relay.up();
        String name = bench.dialect().requestFor("kit_forwarded");
        up.send(up.frame(Handle.LOAD_MODULE, 0, Modules.found(name, null, CONTENT, List.of())));
        int answer = up.newHandle();
        up.send(up.frame(Handle.FORWARD_MODULE, answer, (child.id() + "\0" + name).getBytes(StandardCharsets.UTF_8)));
        bench.fence(up);
        Tree.fenceDown(relay, child);
        List<Frame> came = child.link().since(0).stream()
                .filter(frame -> names(frame, Handle.LOAD_MODULE, name))
                .toList();
        String seen = "nothing came there";
        for (Frame frame : up.since(0)) {
            seen = frame.handle() == answer ? seen + ", and the parent was told " + frame : seen;
        }
        Check.that(!came.isEmpty(), "LOAD_MODULE at the child", seen);
        return came.get(0).toString();
    }

    private static String detaching(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Link link = relay.children(1).get(0).link();
        int answer = link.newHandle();
        link.send(link.frame(Handle.DETACHING, answer, new byte[0]));
        Object value = Link.value(link.awaitAnswer(answer, "an answer to DETACHING"));
        Check.equal("the answer", null, value);
        return "None";
    }

    private static String closed(Bench bench) throws Deviation, IOException {
        Link link = bench.relay().children(1).get(0).link();
        for (int handle : new int[] {Handle.FORWARD_LOG, Handle.ALLOCATE_ID, Handle.STUB_CALL_SERVICE}) {
            int answer = link.newHandle();
            link.send(link.frame(handle, answer, new byte[0]));
            Check.dead(link.awaitAnswer(answer, "an answer from handle " + handle), Check.INVALID_HANDLE);
        }
        return "three times: " + Check.INVALID_HANDLE;
    }

    /** Has a context ask for ids, which nobody gives it yet; returns the request. */
    private static Frame asking(Relay relay) throws Deviation {
        Link up = relay.up();
        up.duties(frame -> {
            if (frame.handle() != Handle.ALLOCATE_ID) {
                relay.peer().duties().accept(frame);
            }
        });
        relay.begin();
        return up.await(0, "a request for ids", frame -> frame.handle() == Handle.ALLOCATE_ID);
    }

    private static Frame answer(Link up, Frame request, int first, int replyTo) {
        byte[] ids = PickleOut.toBytes(Tuple.of(first, first + 1000));
        return new Frame(Frame.MGC, request.src(), 0, 0, request.replyTo(), replyTo, ids);
    }

    private static String respondent(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0));
        Frame request = asking(relay);
        Link up = relay.up();
        int handle = up.newHandle();
        up.send(answer(up, request, 5000, handle).from(7, 7));
        Frame refusal = up.awaitAnswer(handle, "a refusal");
        Check.dead(refusal, "reply from unexpected context");
        up.send(answer(up, request, 6000, 0));
        Check.equal("id of the child", 6000, relay.accept().id());
        return refusal.toString();
    }

    /** Which answer comes too late depends on when the first has been read; so the second is sent when the child is there. */
    private static String twice(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Frame request = asking(relay);
        Link up = relay.up();
        up.send(answer(up, request, 6000, 0));
        Check.equal("id of the child", 6000, relay.accept().id());
        int handle = up.newHandle();
        up.send(answer(up, request, 7000, handle));
        Frame refusal = up.awaitAnswer(handle, "a refusal");
        Check.dead(refusal, Check.INVALID_HANDLE);
        return refusal.toString();
    }
}
