// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Limits;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import java.io.IOException;
import java.util.List;

/** The end of a child, whoever brings it about. */
final class EndCases {
    private static final int UNUSED = 4000;

    private EndCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "end.shutdown",
                        "after SHUTDOWN a context closes its link and its process ends",
                        EndCases::shutdown),
                child("end.exit-status", "a process that was asked to end has exit status 0", EndCases::exitStatus),
                child(
                        "end.shutdown-in-call",
                        "SHUTDOWN ends a context whatever it is running",
                        EndCases::shutdownInCall),
                child(
                        "end.shutdown-answered-first",
                        "what was called before SHUTDOWN and is done is answered",
                        EndCases::answeredFirst),
                child("end.lost-parent", "when the link ends the process ends", EndCases::lostParent),
                child(
                        "end.lost-parent-in-call",
                        "when the link ends the process ends, whatever it is running",
                        EndCases::lostParentInCall),
                child(
                        "end.lost-parent-in-frame",
                        "when the link ends in the middle of a frame the process ends",
                        EndCases::lostInFrame),
                child("end.corrupt", "the process ends when a frame was corrupt", EndCases::corrupt),
                child(
                        "end.detach",
                        "a context that detaches asks at handle 109 of its parent, waits for the answer, closes the link and goes on",
                        EndCases::detach));
    }

    private static void shutdown(Link link) throws Deviation {
        link.send(link.frame(Handle.SHUTDOWN, 0, new byte[0]));
    }

    private static String shutdown(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        shutdown(peer.link());
        peer.link().awaitEnd("the link is closed after SHUTDOWN", Limits.END);
        peer.awaitExit();
        return "the link was closed, the process ended";
    }

    private static String exitStatus(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        shutdown(peer.link());
        Check.equal("exit status", 0, peer.awaitExit());
        return "0";
    }

    private static String shutdownInCall(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        peer.link().call(bench.dialect().hang());
        shutdown(peer.link());
        peer.link().awaitEnd("the link is closed after SHUTDOWN during a call", Limits.END);
        peer.awaitExit();
        return "it ended during a call";
    }

    private static String answeredFirst(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        Link link = peer.link();
        int handle = link.newHandle();
        link.send(link.frame(UNUSED, handle, new byte[0]));
        shutdown(link);
        link.awaitEnd("the link is closed after SHUTDOWN", Limits.END);
        Check.dead(link.awaitAnswer(handle, "an answer before the end"), Check.INVALID_HANDLE);
        return "it was answered";
    }

    private static String lostParent(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        peer.link().close();
        peer.awaitExit();
        return "it ended";
    }

    private static String lostParentInCall(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        peer.link().call(bench.dialect().hang());
        peer.link().close();
        peer.awaitExit();
        return "it ended during a call";
    }

    private static String lostInFrame(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        byte[] frame = peer.link().frame(UNUSED, 0, new byte[100]).toBytes();
        peer.link().write(java.util.Arrays.copyOf(frame, 60));
        peer.link().close();
        peer.awaitExit();
        return "it ended";
    }

    private static String corrupt(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        bench.fence(peer.link());
        peer.link().write(new byte[Frame.HEADER_BYTES]);
        peer.awaitExit();
        return "it ended";
    }

    private static void awaitDetached(Peer peer) throws Deviation, NotApplicable {
        try {
            peer.link().awaitEnd("the link is closed when DETACHING was answered", Limits.END);
        } catch (Deviation e) {
            if (peer.isBehindShell()) {
                throw new NotApplicable(
                        "the shell of --command keeps the link open: put exec in front of its last command");
            }
            throw e;
        }
    }

    private static String detach(Bench bench) throws Deviation, NotApplicable, IOException {
        Dialect dialect = bench.dialect();
        Call detach = dialect.detach();
        if (detach == null) {
            throw new NotApplicable("its contexts do not detach");
        }
        Peer peer = bench.fresh(Wanted.DEFAULT.withParents(7, 0));
        Link link = peer.link();
        peer.duties()
                .add(
                        dialect.servedName(),
                        Modules.found(dialect.servedName(), null, dialect.servedContent(), List.of()));
        int handle = link.call(detach);
        Frame request = link.await(
                0,
                "a message to handle 109",
                frame -> frame.handle() == Handle.DETACHING || frame.handle() == handle && Check.isFailure(frame));
        if (request.handle() == handle) {
            throw new NotApplicable("its contexts do not detach: " + Check.failure(request));
        }
        Check.equal("dst_id", 7, request.dst());
        Check.that(request.replyTo() != 0, "an answer is wanted", request.toString());
        Check.that(link.isOpen(), "the link stays open until the answer", "it is closed");
        link.send(link.frame(request.replyTo(), 0, PickleOut.toBytes(null)));
        awaitDetached(peer);
        Check.that(peer.isAlive(), "the process goes on", "it ended");
        peer.kill();
        return request + ", then it closed the link and went on";
    }
}
