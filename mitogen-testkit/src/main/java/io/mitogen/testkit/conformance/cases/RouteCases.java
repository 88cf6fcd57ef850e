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
import io.mitogen.testkit.conformance.wire.Repr;
import java.io.IOException;
import java.util.List;

/** Routes: how they come and go, in a context with children. */
final class RouteCases {
    private static final int ELSEWHERE = 77;

    private RouteCases() {}

    static List<Case> cases() {
        return List.of(
                relay(
                        "routes.added",
                        "ADD_ROUTE of a child is passed on to the parent, in the name of the context itself",
                        RouteCases::added),
                relay(
                        "routes.no-name",
                        "ADD_ROUTE may have an ID and no name; it is taken, and passed on",
                        RouteCases::noName),
                relay("routes.used", "frames for a context behind a child go to that child", RouteCases::used),
                relay(
                        "routes.deleted",
                        "DEL_ROUTE of a child is passed on, and the route is gone: no route to D, my ID is M",
                        RouteCases::deleted),
                relay(
                        "routes.child-lost",
                        "when a child is lost, each route through it is deleted at the parent",
                        RouteCases::childLost),
                relay(
                        "routes.told-down",
                        "who ever sent something to a context that is lost gets DEL_ROUTE, others do not",
                        RouteCases::toldDown),
                relay(
                        "routes.deleted-above",
                        "DEL_ROUTE of the parent goes to children that sent something there, and not back",
                        RouteCases::deletedAbove),
                relay(
                        "routes.stolen",
                        "a route that leads elsewhere already is refused, and stays",
                        RouteCases::stolen),
                relay(
                        "routes.delete-stolen",
                        "DEL_ROUTE of a child for what does not live behind it changes nothing",
                        RouteCases::deleteStolen),
                relay(
                        "routes.respondent-gone",
                        "who waits in the context itself for one that is lost, or withdrawn, gets a dead message: the respondent Context has disconnected",
                        RouteCases::respondentGone),
                relay(
                        "routes.not-a-peer",
                        "ADD_ROUTE and DEL_ROUTE of others than the peer of the link are refused: refused by policy",
                        RouteCases::notPeer),
                relay("routes.garbage", "ADD_ROUTE and DEL_ROUTE with no number end nothing", RouteCases::garbage));
    }

    private static String added(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT.withParents(7, 0));
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Frame route = Tree.announce(relay, child, behind, "a:name");
        Check.equal("dst_id", 7, route.dst());
        Check.equal("src_id", relay.up().peerId(), route.src());
        Check.equal("auth_id", relay.up().peerId(), route.auth());
        Check.that(route.text().endsWith("a:name"), behind + ":... a:name", route.text());
        return route + " " + route.text();
    }

    private static String noName(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        int mark = relay.up().mark();
        child.link().send(Tree.text(child.link(), Handle.ADD_ROUTE, Integer.toString(behind)));
        Frame route = relay.up().await(mark, "ADD_ROUTE for " + behind, Tree.route(Handle.ADD_ROUTE, behind));
        Tree.deliver(
                relay.up(),
                child.link(),
                relay.up().frame(7007, 0, new byte[] {1}).to(behind));
        return route + " " + Repr.brief(route.text());
    }

    private static String used(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(2).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        Frame sent = relay.up().frame(7001, 0, new byte[] {1}).to(behind);
        Frame came = Tree.deliver(relay.up(), child.link(), sent);
        Below sibling = relay.children(2).get(1);
        Tree.deliver(
                sibling.link(),
                child.link(),
                sibling.link().frame(7002, 0, new byte[] {1}).to(behind));
        return came.toString();
    }

    private static String deleted(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        int mark = relay.up().mark();
        child.link().send(Tree.text(child.link(), Handle.DEL_ROUTE, Integer.toString(behind)));
        Frame route = relay.up().await(mark, "DEL_ROUTE for " + behind, Tree.route(Handle.DEL_ROUTE, behind));
        Check.equal("body", Integer.toString(behind), route.text());
        Check.equal("src_id", relay.up().peerId(), route.src());
        Frame dead = Tree.probe(relay, behind);
        Check.dead(dead, Tree.noRoute(relay, behind));
        return dead.toString();
    }

    private static String childLost(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        int further = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        Tree.announce(relay, child, further, "further");
        int mark = relay.up().mark();
        child.close();
        for (int id : new int[] {child.id(), behind, further}) {
            relay.up().await(mark, "DEL_ROUTE for " + id, Tree.route(Handle.DEL_ROUTE, id));
            Check.dead(Tree.probe(relay, id), Tree.noRoute(relay, id));
        }
        bench.fence(relay.up());
        long count = relay.up().since(mark).stream()
                .filter(frame -> frame.handle() == Handle.DEL_ROUTE)
                .count();
        Check.equal("DEL_ROUTEs", 3L, count);
        return "three DEL_ROUTEs for the child and two behind it";
    }

    private static String toldDown(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        List<Below> children = relay.children(3);
        Below lost = children.get(0);
        Below talked = children.get(1);
        Below silent = children.get(2);
        Tree.deliver(
                talked.link(),
                lost.link(),
                talked.link().frame(7003, 0, new byte[] {1}).to(lost.id()));
        lost.close();
        Frame told = talked.link()
                .await(0, "DEL_ROUTE at the child that sent something", Tree.route(Handle.DEL_ROUTE, lost.id()));
        Check.equal("dst_id", talked.id(), told.dst());
        Check.equal("src_id", relay.up().peerId(), told.src());
        Tree.fenceDown(relay, silent);
        Check.none(
                silent.link(),
                0,
                "DEL_ROUTE at a child that sent nothing there",
                frame -> frame.handle() == Handle.DEL_ROUTE);
        return told.toString();
    }

    private static String deletedAbove(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        List<Below> children = relay.children(2);
        Link up = relay.up();
        Link talked = children.get(0).link();
        Tree.deliver(talked, up, talked.frame(7004, 0, new byte[] {1}).to(77));
        int mark = up.mark();
        up.send(Tree.text(up, Handle.DEL_ROUTE, "77"));
        Frame told = talked.await(0, "DEL_ROUTE at the child that sent something", Tree.route(Handle.DEL_ROUTE, 77));
        Tree.fenceDown(relay, children.get(1));
        Check.none(
                children.get(1).link(),
                0,
                "DEL_ROUTE at a child that sent nothing there",
                frame -> frame.handle() == Handle.DEL_ROUTE);
        bench.fence(up);
        Check.none(up, mark, "DEL_ROUTE back at the parent", frame -> frame.handle() == Handle.DEL_ROUTE);
        return told.toString();
    }

    private static String stolen(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below thief = relay.children(2).get(0);
        Below owner = relay.children(2).get(1);
        int mark = relay.up().mark();
        thief.link().send(Tree.text(thief.link(), Handle.ADD_ROUTE, owner.id() + ":stolen"));
        Tree.fence(thief);
        Tree.fenceUp(relay, thief);
        Check.none(relay.up(), mark, "ADD_ROUTE at the parent", frame -> frame.handle() == Handle.ADD_ROUTE);
        Frame came = Tree.deliver(
                relay.up(),
                owner.link(),
                relay.up().frame(7005, 0, new byte[] {1}).to(owner.id()));
        return came.toString();
    }

    private static String deleteStolen(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below thief = relay.children(2).get(0);
        Below owner = relay.children(2).get(1);
        int mark = relay.up().mark();
        thief.link().send(Tree.text(thief.link(), Handle.DEL_ROUTE, Integer.toString(owner.id())));
        Tree.fence(thief);
        Tree.fenceUp(relay, thief);
        Check.none(relay.up(), mark, "DEL_ROUTE at the parent", frame -> frame.handle() == Handle.DEL_ROUTE);
        Frame came = Tree.deliver(
                relay.up(),
                owner.link(),
                relay.up().frame(7006, 0, new byte[] {1}).to(owner.id()));
        return came.toString();
    }

    private static String respondentGone(Bench bench) throws Deviation, NotApplicable, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(2).get(0);
        int behind = Tree.newId(child);
        Below other = relay.children(2).get(1);
        Tree.announce(relay, child, behind, "behind");
        Link up = relay.up();
        Waiting forWithdrawn = Waiting.begin(bench.dialect(), relay.peer(), behind, child.link());
        child.link().send(Tree.text(child.link(), Handle.DEL_ROUTE, Integer.toString(behind)));
        forWithdrawn.awaitLoss();
        Waiting forLost = Waiting.begin(bench.dialect(), relay.peer(), other.id(), other.link());
        other.close();
        forLost.awaitLoss();
        Waiting forElsewhere = Waiting.begin(bench.dialect(), relay.peer(), ELSEWHERE, up);
        up.send(Tree.text(up, Handle.DEL_ROUTE, Integer.toString(ELSEWHERE)));
        return "for one behind a child, a child, and one elsewhere: " + forElsewhere.awaitLoss();
    }

    private static String notPeer(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Below child = relay.children(1).get(0);
        int behind = Tree.newId(child);
        Tree.announce(relay, child, behind, "behind");
        Link link = child.link();
        for (int handle : new int[] {Handle.ADD_ROUTE, Handle.DEL_ROUTE}) {
            int answer = link.newHandle();
            Frame frame =
                    link.frame(handle, answer, ((behind + 1) + ":x").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            link.send(frame.from(behind, behind));
            Frame refusal = link.await(0, "a refusal of handle " + handle, seen -> seen.handle() == answer);
            Check.dead(refusal, Check.REFUSED);
        }
        return "both are refused";
    }

    private static String garbage(Bench bench) throws Deviation, IOException {
        Relay relay = bench.freshRelay(Wanted.DEFAULT);
        Link link = relay.children(1).get(0).link();
        for (String body : List.of("", ":", "x", "1x:y", "-", "99999999999999999999:big", "\u20ac:y")) {
            link.send(Tree.text(link, Handle.ADD_ROUTE, body), Tree.text(link, Handle.DEL_ROUTE, body));
        }
        Tree.fence(relay.children(1).get(0));
        bench.fence(relay.up());
        return "nothing changed";
    }
}
