// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Handles of a child without children: who may send there, and what others are told. */
final class HandleCases {
    /** Those on which such a child does not listen, with their names in names of cases. */
    private static final Map<String, Integer> CLOSED = new LinkedHashMap<>();

    /** A context that is nobody's parent. */
    private static final int STRANGER = 55;

    static {
        CLOSED.put("get-module", Handle.GET_MODULE);
        CLOSED.put("forward-log", Handle.FORWARD_LOG);
        CLOSED.put("add-route", Handle.ADD_ROUTE);
        CLOSED.put("allocate-id", Handle.ALLOCATE_ID);
        CLOSED.put("forward-module", Handle.FORWARD_MODULE);
        CLOSED.put("detaching", Handle.DETACHING);
        CLOSED.put("stub-call-service", Handle.STUB_CALL_SERVICE);
        CLOSED.put("get-resource", Handle.GET_RESOURCE);
    }

    private HandleCases() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        CLOSED.forEach((name, handle) -> cases.add(child(
                "handles." + name,
                "a child without children does not listen on " + handle + ": invalid handle",
                bench -> closed(bench, handle))));
        cases.addAll(List.of(
                child(
                        "handles.unknown",
                        "what goes to a handle that nobody has is answered: invalid handle",
                        HandleCases::unknown),
                child(
                        "handles.call-function",
                        "101 takes what carries the authority of the context itself or an ancestor, and refuses the rest: refused by policy",
                        HandleCases::callFunction),
                child(
                        "handles.shutdown",
                        "106 takes what carries the authority of the context itself or an ancestor, and refuses the rest: refused by policy",
                        bench -> refused(bench, Handle.SHUTDOWN)),
                child(
                        "handles.load-module",
                        "107 takes what carries the authority of the context itself or an ancestor, and refuses the rest: refused by policy",
                        bench -> refused(bench, Handle.LOAD_MODULE)),
                child(
                        "handles.load-resource",
                        "113 takes what carries the authority of the context itself or an ancestor, if there is one, and refuses the rest",
                        bench -> refusedOrClosed(bench, Handle.LOAD_RESOURCE)),
                child(
                        "handles.call-service",
                        "110 takes what carries the authority of the context itself or an ancestor, if there is one, and refuses the rest",
                        bench -> refusedOrClosed(bench, Handle.CALL_SERVICE)),
                child(
                        "handles.del-route",
                        "104 takes what the context at the other end of the link sent, and refuses the rest: refused by policy",
                        HandleCases::delRoute)));
        return cases;
    }

    /** Sends something to {@code handle} and returns the answer. */
    private static Frame probe(Link link, int handle, int src, int auth, byte[] body) throws Deviation {
        int answer = link.newHandle();
        link.send(link.frame(handle, answer, body).from(src, auth));
        return link.await(
                0, "an answer from handle " + handle + " at handle " + answer, frame -> frame.handle() == answer);
    }

    private static String closed(Bench bench, int handle) throws Deviation, IOException {
        Link link = bench.link();
        Frame answer = probe(link, handle, link.ownId(), link.ownId(), new byte[0]);
        Check.dead(answer, Check.INVALID_HANDLE);
        return answer.toString();
    }

    private static String unknown(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        List<Integer> handles = List.of(0, 1, 99, 114, Frame.DEAD, 987_654, -1, Integer.MIN_VALUE);
        for (int handle : handles) {
            Frame answer = probe(link, handle, link.ownId(), link.ownId(), new byte[] {1, 2, 3});
            Check.dead(answer, Check.INVALID_HANDLE);
        }
        return handles.size() + " dead messages: " + Check.INVALID_HANDLE;
    }

    private static String callFunction(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        byte[] call = bench.dialect().add(2, 2).toBytes();
        for (int auth : List.of(7, 0, link.peerId())) {
            Frame answer = probe(link, Handle.CALL_FUNCTION, 7, auth, call);
            Check.equal("2 + 2 with the authority of " + auth, BigInteger.valueOf(4), Link.value(answer));
            Check.equal("dst_id of the answer to context 7 with the authority of " + auth, 7, answer.dst());
        }
        Frame fromMaster = probe(link, Handle.CALL_FUNCTION, 0, 0, call);
        Check.equal("dst_id of the answer to the master", 0, fromMaster.dst());
        Frame answer = probe(link, Handle.CALL_FUNCTION, STRANGER, STRANGER, call);
        Check.dead(answer, Check.REFUSED);
        Check.equal("dst_id of the refusal", STRANGER, answer.dst());
        Check.dead(probe(link, Handle.CALL_FUNCTION, 0, STRANGER, call), Check.REFUSED);
        return "run for 7, 0 and itself; " + answer;
    }

    private static String refused(Bench bench, int handle) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        byte[] body = PickleOut.toBytes(Tuple.of("kit", null, null, null, Tuple.of()));
        for (int src : List.of(STRANGER, 7, 0)) {
            Check.dead(probe(link, handle, src, STRANGER, body), Check.REFUSED);
        }
        Frame own = probeSilently(bench, link, handle == Handle.SHUTDOWN ? Handle.LOAD_MODULE : handle, body);
        Check.that(own == null, "no answer when it is taken", String.valueOf(own));
        bench.fence(link);
        return "refused with the authority of " + STRANGER + ", taken with that of 0; the context goes on";
    }

    /** Sends with the authority of the master and returns what is answered, null if nothing is. */
    private static Frame probeSilently(Bench bench, Link link, int handle, byte[] body) throws Deviation {
        int mark = link.mark();
        int answer = link.newHandle();
        link.send(link.frame(handle, answer, body).from(0, 0));
        bench.fence(link);
        return link.since(mark).stream()
                .filter(frame -> frame.handle() == answer)
                .findFirst()
                .orElse(null);
    }

    private static String refusedOrClosed(Bench bench, int handle) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        Frame answer = probe(link, handle, STRANGER, STRANGER, PickleOut.toBytes(Tuple.of("a", "b", Map.of())));
        String reason =
                answer.isDead() && answer.text().equals(Check.INVALID_HANDLE) ? Check.INVALID_HANDLE : Check.REFUSED;
        Check.dead(answer, reason);
        bench.fence(link);
        return answer.toString();
    }

    private static String delRoute(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        byte[] id = "99".getBytes(StandardCharsets.UTF_8);
        int mark = link.mark();
        link.send(link.frame(Handle.DEL_ROUTE, 0, id));
        bench.fence(link);
        Check.none(link, mark, "dead message for what the parent sent", Frame::isDead);
        Frame answer = probeSilently(bench, link, Handle.DEL_ROUTE, id);
        Check.that(answer != null, "a dead message for what the master sent", "nothing was answered");
        Check.dead(answer, Check.REFUSED);
        return "taken from the parent, refused from the master";
    }
}
