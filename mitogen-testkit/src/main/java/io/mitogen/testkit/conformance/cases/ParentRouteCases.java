// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.parent;

import io.mitogen.testkit.conformance.peer.Call;
import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.wire.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Who may say that it is whom, which contexts a child may claim to have below it, and where its frames go. */
final class ParentRouteCases {
    /** In no tree is so much. */
    static final int NOWHERE = 1_999_999_999;

    private static final String DROPPED = "it is dropped without an answer";

    private ParentRouteCases() {}

    static List<Case> cases() {
        return Stream.of(sources(), routes(), ways()).flatMap(List::stream).toList();
    }

    private static List<Case> sources() {
        return List.of(
                parent(
                        "parent.sources.auth",
                        "a child has its own authority: a frame with that of the parent is dropped without an answer",
                        ParentRouteCases::auth),
                parent(
                        "parent.sources.src",
                        "a child speaks for itself: a frame that names the parent as its source is dropped",
                        ParentRouteCases::src),
                parent(
                        "parent.sources.unknown",
                        "a frame with the source or the authority of nobody is dropped",
                        ParentRouteCases::unknown),
                parent(
                        "parent.sources.sibling",
                        "a frame with the source or the authority of a context elsewhere is dropped",
                        ParentRouteCases::sibling),
                parent(
                        "parent.sources.descendant",
                        "a frame of a context below the child is taken, with its own authority or the child's",
                        ParentRouteCases::descendant));
    }

    private static List<Case> routes() {
        return List.of(
                parent(
                        "parent.add-route.own",
                        "what the child has announced is reached through it, whatever its name: with colons, or none",
                        ParentRouteCases::addRoute),
                parent(
                        "parent.add-route.peer-only",
                        "routes are announced and withdrawn by the child itself, not by contexts below it: refused by policy",
                        ParentRouteCases::peerOnly),
                parent(
                        "parent.add-route.parent",
                        "a child cannot claim the id of its parent",
                        ParentRouteCases::parentId),
                parent(
                        "parent.add-route.sibling",
                        "a child cannot claim a context that lives elsewhere",
                        ParentRouteCases::claimSibling),
                parent(
                        "parent.add-route.garbage",
                        "an ADD_ROUTE that is none ends nothing",
                        stand -> garbage(stand, Handle.ADD_ROUTE)),
                parent(
                        "parent.del-route.own",
                        "what the child has withdrawn is not reached any more, and cannot speak",
                        ParentRouteCases::delRoute),
                parent(
                        "parent.del-route.sibling",
                        "a child cannot withdraw a context that lives elsewhere",
                        ParentRouteCases::withdrawSibling),
                parent(
                        "parent.del-route.garbage",
                        "a DEL_ROUTE that is none ends nothing",
                        stand -> garbage(stand, Handle.DEL_ROUTE)));
    }

    private static List<Case> ways() {
        return List.of(
                parent(
                        "parent.routing.nowhere",
                        "what is for nobody in the tree comes back dead: no route to D, my ID is 0",
                        ParentRouteCases::nowhere),
                parent("parent.routing.master", "the master is reached from any depth", ParentRouteCases::master),
                parent(
                        "parent.routing.sibling",
                        "a context elsewhere is reached, and refuses a call without authority; not in unidirectional mode",
                        ParentRouteCases::reachSibling));
    }

    // == Sources ==

    private static String auth(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        for (int id : new int[] {link.peerId(), 0}) {
            Frame forged = link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0])
                    .from(link.ownId(), id);
            silent(stand, forged);
        }
        return "no answer";
    }

    /** Sends what must be dropped, though it wants an answer; then everything that came for it has come. */
    private static void silent(ParentStand stand, Frame forged) throws Deviation, NotApplicable {
        Link link = stand.link();
        int mark = link.mark();
        link.send(forged);
        stand.fence();
        Check.that(
                link.since(mark).stream().noneMatch(frame -> frame.handle() == forged.replyTo()),
                DROPPED,
                forged + " got " + link.told(mark));
    }

    private static String src(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        for (int id : new int[] {link.peerId(), 0}) {
            notForwarded(stand, id, link.ownId());
        }
        return DROPPED;
    }

    private static String unknown(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        silent(
                stand,
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).from(link.ownId(), NOWHERE));
        notForwarded(stand, NOWHERE, link.ownId());
        notForwarded(stand, NOWHERE, NOWHERE);
        return DROPPED;
    }

    private static String sibling(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        int sibling = stand.sibling();
        silent(
                stand,
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).from(link.ownId(), sibling));
        notForwarded(stand, sibling, link.ownId());
        notForwarded(stand, sibling, sibling);
        return DROPPED;
    }

    /** Sends a forged frame to the kit itself, which would get it if the parent took it for true. */
    private static void notForwarded(ParentStand stand, int src, int auth) throws Deviation, NotApplicable {
        Link link = stand.link();
        Frame forged =
                link.frame(link.newHandle(), 0, new byte[] {1}).to(link.ownId()).from(src, auth);
        Check.that(
                !stand.comesBack(forged),
                "a frame with src_id " + src + " and auth_id " + auth + " is dropped",
                "it was routed");
    }

    private static String descendant(ParentStand stand) throws Deviation, NotApplicable {
        int id = stand.newDescendant("below");
        Link link = stand.link();
        for (int auth : new int[] {id, link.ownId()}) {
            Frame answer = stand.ask(link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0])
                    .from(id, auth));
            Check.dead(answer, Check.INVALID_HANDLE);
        }
        return "both were answered, to context " + id;
    }

    // == Routes ==

    private static String addRoute(ParentStand stand) throws Deviation, NotApplicable {
        stand.needEcho();
        for (String name : List.of("plain", "with:two:colons", "w\u00f6rd \u20ac \ud83d\ude00", "")) {
            int id = stand.newDescendant(name);
            Check.that(stand.isBehindKit(id), "frames for context " + id + ", named \"" + name + "\"", "none came");
        }
        int id = stand.newId();
        stand.route(Handle.ADD_ROUTE, String.valueOf(id));
        Check.that(stand.isBehindKit(id), "frames for context " + id + ", without a name", "none came");
        return "five contexts are reached";
    }

    private static String peerOnly(ParentStand stand) throws Deviation, NotApplicable {
        int id = stand.newDescendant("below");
        int wanted = stand.newId();
        Link link = stand.link();
        for (int handle : new int[] {Handle.ADD_ROUTE, Handle.DEL_ROUTE}) {
            int about = handle == Handle.ADD_ROUTE ? wanted : id;
            byte[] body = String.valueOf(about).getBytes(StandardCharsets.US_ASCII);
            Frame answer = stand.ask(link.frame(handle, link.newHandle(), body).from(id, id));
            Check.dead(answer, Check.REFUSED);
        }
        return "both were refused";
    }

    private static String parentId(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        int id = link.peerId();
        if (!stand.isMaster()) {
            throw new NotApplicable("a parent that is no master would be cut off if it fell for that");
        }
        stand.route(Handle.ADD_ROUTE, id + ":kit");
        try {
            stand.fence();
            silent(
                    stand,
                    link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0])
                            .from(link.ownId(), id));
            notForwardedIfPossible(stand, id);
        } finally {
            stand.route(Handle.DEL_ROUTE, String.valueOf(id));
        }
        return "its authority is still not to be had";
    }

    private static void notForwardedIfPossible(ParentStand stand, int id) throws Deviation, NotApplicable {
        if (!stand.preamble().isUnidirectional()) {
            notForwarded(stand, id, id);
        }
    }

    private static String claimSibling(ParentStand stand) throws Deviation, NotApplicable {
        int sibling = stand.sibling();
        Link link = stand.link();
        stand.route(Handle.ADD_ROUTE, sibling + ":kit");
        try {
            askMaster(stand); // who may have to tell the parent that the context is elsewhere
            Frame answer = reach(stand, sibling);
            silent(
                    stand,
                    link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0])
                            .from(link.ownId(), sibling));
            return answer.toString();
        } finally {
            stand.route(Handle.DEL_ROUTE, String.valueOf(sibling));
        }
    }

    private static String garbage(ParentStand stand, int handle) throws Deviation, NotApplicable {
        List<String> all =
                List.of("", ":", "x", "x:y", "-1:name", "99999999999999999999:name", "1.5", "\0", "4294967296:a");
        for (String each : all) {
            stand.route(handle, each);
        }
        stand.link().send(stand.link().frame(handle, 0, new byte[] {(byte) 0xff, (byte) 0xfe, ':', (byte) 0x80}));
        stand.fence();
        return (all.size() + 1) + " messages changed nothing";
    }

    private static String delRoute(ParentStand stand) throws Deviation, NotApplicable {
        int id = stand.newDescendant("below");
        stand.fence();
        stand.route(Handle.DEL_ROUTE, String.valueOf(id));
        Link link = stand.link();
        Frame answer = stand.ask(
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).to(id));
        Check.dead(answer, "no route to " + id + ", my ID is 0");
        silent(
                stand,
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).from(link.ownId(), id));
        stand.route(Handle.DEL_ROUTE, String.valueOf(id)); // twice does no harm
        return answer.toString();
    }

    private static String withdrawSibling(ParentStand stand) throws Deviation, NotApplicable {
        int sibling = stand.sibling();
        stand.route(Handle.DEL_ROUTE, String.valueOf(sibling));
        stand.fence();
        return reach(stand, sibling).toString();
    }

    // == Ways ==

    private static String nowhere(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        Frame answer = stand.ask(
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).to(NOWHERE));
        Check.dead(answer, "no route to " + NOWHERE + ", my ID is 0");
        return answer.toString();
    }

    private static String master(ParentStand stand) throws Deviation, NotApplicable {
        Frame answer = askMaster(stand);
        Check.dead(answer, Check.INVALID_HANDLE);
        Check.equal("src_id", 0, answer.src());
        return answer.toString();
    }

    private static Frame askMaster(ParentStand stand) throws Deviation, NotApplicable {
        Link link = stand.link();
        return stand.ask(
                link.frame(ParentStand.UNUSED, link.newHandle(), new byte[0]).to(0));
    }

    private static String reachSibling(ParentStand stand) throws Deviation, NotApplicable {
        return reach(stand, stand.sibling()).toString();
    }

    /** Calls a context elsewhere, which must refuse it, or the way there does. */
    private static Frame reach(ParentStand stand, int sibling) throws Deviation, NotApplicable {
        Link link = stand.link();
        Frame call = link.frame(
                        Handle.CALL_FUNCTION,
                        link.newHandle(),
                        Call.of("os", "getpid").toBytes())
                .to(sibling);
        int mark = link.mark();
        link.send(call);
        Frame answer = link.await(
                mark,
                "an answer of context " + sibling,
                frame -> frame.handle() == call.replyTo() || frame.dst() == sibling);
        Check.that(
                answer.dst() != sibling, "an answer of context " + sibling, "the child gets what is for that context");
        if (stand.preamble().isUnidirectional()) {
            Check.that(
                    answer.isDead()
                            && answer.text()
                                    .startsWith("routing mode prevents forward of message from context " + link.ownId()
                                            + " to context "),
                    "a dead message: routing mode prevents forward of message from context " + link.ownId() + " ...",
                    answer.toString());
        } else {
            Check.dead(answer, Check.REFUSED);
            Check.equal("src_id", sibling, answer.src());
        }
        return answer;
    }
}
