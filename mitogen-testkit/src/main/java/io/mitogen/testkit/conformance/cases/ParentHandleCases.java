// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.parent;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.Made;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Frames for the parent itself: how they are read, which handles it has for a child, and what is never answered. */
final class ParentHandleCases {
    private static final int TOGETHER = 5;
    private static final byte[] NOTHING = {};

    private ParentHandleCases() {}

    static List<Case> cases() {
        List<Case> all = new ArrayList<>(List.of(
                parent("parent.frames.pieces", "a frame may come byte by byte", ParentHandleCases::pieces),
                parent(
                        "parent.frames.together",
                        "frames that come together are answered in their order",
                        ParentHandleCases::together),
                parent(
                        "parent.dead.form",
                        "a dead message has reply_to 999, 4d49 in front, the reason as its body, and src_id and auth_id of who refuses",
                        ParentHandleCases::form),
                parent("parent.dead.unanswered", "nothing answers a dead message", ParentHandleCases::unanswered),
                parent(
                        "parent.dead.unwanted",
                        "what wants no answer gets no dead message",
                        ParentHandleCases::unwanted)));
        byte[] call = Call.of("os", "getpid").toBytes();
        byte[] module = PickleOut.toBytes(Tuple.of("kit", null, null, null, Tuple.of()));
        byte[] service = PickleOut.toBytes(Tuple.of("kit.Service", "method", Made.kwargs(Map.of())));
        all.add(closed("call-function", Handle.CALL_FUNCTION, call));
        all.add(closed("shutdown", Handle.SHUTDOWN, NOTHING));
        all.add(closed("load-module", Handle.LOAD_MODULE, module));
        all.add(closed("forward-module", Handle.FORWARD_MODULE, "0\0kit".getBytes(StandardCharsets.US_ASCII)));
        all.add(closed("load-resource", Handle.LOAD_RESOURCE, PickleOut.toBytes(Tuple.of("kit", "x"))));
        all.add(parent(
                "parent.handles.call-service",
                "a service is called by nobody but contexts above, unless the parent has services",
                stand -> service(stand, service)));
        all.add(parent(
                "parent.handles.stub-call-service",
                "handle 111 is on no link: invalid handle",
                stand -> closed(stand, Handle.STUB_CALL_SERVICE, service, Check.INVALID_HANDLE)));
        all.add(parent(
                "parent.handles.unused",
                "nobody listens at a handle that was never given out: invalid handle",
                stand -> closed(stand, Integer.MAX_VALUE, NOTHING, Check.INVALID_HANDLE)));
        return all;
    }

    private static Case closed(String name, int handle, byte[] body) {
        return parent(
                "parent.handles." + name,
                "a child may not use handle " + handle
                        + ": a master has none (invalid handle), another context refuses (refused by policy)",
                stand -> closed(stand, handle, body, stand.isMaster() ? Check.INVALID_HANDLE : null));
    }

    /** @param reason null for whichever of the two a context that is no master gives */
    private static String closed(ParentStand stand, int handle, byte[] body, String reason)
            throws Deviation, NotApplicable {
        Frame answer = stand.probe(handle, body);
        boolean isOther = reason == null && answer.isDead() && answer.text().equals(Check.INVALID_HANDLE);
        Check.dead(answer, reason != null ? reason : isOther ? Check.INVALID_HANDLE : Check.REFUSED);
        return answer.toString();
    }

    private static String service(ParentStand stand, byte[] body) throws Deviation, NotApplicable {
        Frame answer = stand.probe(Handle.CALL_SERVICE, body);
        if (!answer.isDead()) {
            return "a CallError: " + Check.failure(answer).lines().findFirst().orElse("");
        }
        Check.that(
                List.of(Check.INVALID_HANDLE, Check.REFUSED).contains(answer.text()),
                "a CallError, invalid handle or refused by policy",
                answer.toString());
        return answer.toString();
    }

    private static String pieces(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        Frame frame = link.frame(ParentStand.UNUSED, link.newHandle(), new byte[] {1, 2, 3});
        for (byte each : frame.toBytes()) {
            link.write(new byte[] {each});
        }
        Frame answer = stand.answer(frame);
        Check.dead(answer, Check.INVALID_HANDLE);
        return answer.toString();
    }

    private static String together(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            handles.add(link.newHandle());
            all.writeBytes(link.frame(ParentStand.UNUSED, handles.get(i), new byte[i * 100])
                    .toBytes());
        }
        int mark = link.mark();
        link.write(all.toByteArray());
        stand.fence();
        List<Integer> answered = link.since(mark).stream()
                .map(Frame::handle)
                .filter(handles::contains)
                .toList();
        Check.equal("handles of the answers", handles, answered);
        return TOGETHER + " answers in their order";
    }

    private static String form(ParentStand stand) throws Deviation, NotApplicable {
        Frame dead = stand.probe(ParentStand.UNUSED, NOTHING);
        Check.dead(dead, Check.INVALID_HANDLE);
        Check.equal("enc", Frame.MGC, dead.enc());
        Check.equal("src_id", stand.link().peerId(), dead.src());
        Check.equal("auth_id", stand.link().peerId(), dead.auth());
        return dead.toString();
    }

    private static String unanswered(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        int mark = link.mark();
        byte[] reason = "gone".getBytes(StandardCharsets.UTF_8);
        for (int handle : new int[] {
            ParentStand.UNUSED,
            Handle.GET_MODULE,
            Handle.ADD_ROUTE,
            Handle.DEL_ROUTE,
            Handle.ALLOCATE_ID,
            Handle.DETACHING
        }) {
            link.send(link.frame(handle, Frame.DEAD, reason));
            link.send(link.frame(handle, Frame.DEAD, NOTHING));
        }
        link.send(link.frame(ParentStand.UNUSED, Frame.DEAD, reason).to(ParentRouteCases.NOWHERE));
        stand.fence();
        Check.none(link, mark, "answer at handle 999", frame -> frame.handle() == Frame.DEAD);
        Check.none(link, mark, "module for a dead message", frame -> frame.handle() == Handle.LOAD_MODULE);
        return "nothing but the answer to the next frame";
    }

    private static String unwanted(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        int mark = link.mark();
        link.send(link.frame(ParentStand.UNUSED, 0, new byte[] {1}));
        link.send(link.frame(ParentStand.UNUSED, 0, new byte[] {1}).to(ParentRouteCases.NOWHERE));
        stand.fence();
        Check.none(link, mark, "answer at handle 0", frame -> frame.handle() == 0);
        return "nothing but the answer to the next frame";
    }
}
