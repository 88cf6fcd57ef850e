// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Dialect;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.MasterDuties;
import io.mitogen.testkit.conformance.peer.Modules;
import io.mitogen.testkit.conformance.peer.Peer;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import io.mitogen.testkit.conformance.wire.PickleOut;
import io.mitogen.testkit.conformance.wire.Tuple;
import java.io.IOException;
import java.util.List;

/** Modules, or classes: what a child asks for, of whom, and what it makes of the answers. */
final class ModuleCases {
    private static final int STRANGER = 55;

    private ModuleCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "modules.request",
                        "a module is asked for with its name, UTF-8, at handle 100 of the parent, not of the master, and wants no answer",
                        ModuleCases::request),
                child("modules.served", "a module that is served is used", ModuleCases::served),
                child(
                        "modules.missing",
                        "the answer that there is none makes a CallError with its name",
                        ModuleCases::missing),
                child(
                        "modules.missing-remembered",
                        "what is not there is not asked for again",
                        ModuleCases::remembered),
                child(
                        "modules.unasked",
                        "a module that was sent without being asked for is used",
                        ModuleCases::unasked),
                child("modules.stranger", "a module that came without authority is not used", ModuleCases::stranger),
                child("modules.garbage", "a LOAD_MODULE that is none ends nothing", ModuleCases::garbage),
                child(
                        "modules.waiting-for-ever",
                        "a context that waits for a module still ends",
                        ModuleCases::waiting));
    }

    private static Frame awaitRequest(Link link, int mark, String name) throws Deviation {
        return link.await(mark, "a request for " + name, frame -> isRequest(frame, name));
    }

    private static boolean isRequest(Frame frame, String name) {
        return frame.handle() == Handle.GET_MODULE
                && MasterDuties.pathIn(frame.text()).equals(name);
    }

    private static String request(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        Dialect dialect = bench.dialect();
        int handle = link.call(dialect.callInto("kit_missing_1"));
        Frame request = awaitRequest(link, 0, dialect.requestFor("kit_missing_1"));
        Check.equal("dst_id", 7, request.dst());
        Check.equal("src_id", link.peerId(), request.src());
        Check.equal("auth_id", link.peerId(), request.auth());
        Check.equal("reply_to", 0, request.replyTo());
        Check.failure(link.awaitAnswer(handle, "an answer to the call"));
        return request.toString();
    }

    private static String served(Bench bench) throws Deviation, IOException {
        Peer peer = bench.fresh(Wanted.DEFAULT);
        Dialect dialect = bench.dialect();
        peer.duties().add(dialect.servedName(), load(dialect));
        Check.equal("result", "served", peer.link().result(dialect.served()));
        long requests = peer.link().since(0).stream()
                .filter(frame -> isRequest(frame, dialect.servedName()))
                .count();
        Check.equal("requests for it", 1L, requests);
        Check.equal("result of the second call", "served", peer.link().result(dialect.served()));
        requests = peer.link().since(0).stream()
                .filter(frame -> isRequest(frame, dialect.servedName()))
                .count();
        Check.equal("requests for it after two calls", 1L, requests);
        return "one request for two calls";
    }

    private static byte[] load(Dialect dialect) {
        return Modules.found(dialect.servedName(), null, dialect.servedContent(), List.of());
    }

    private static String missing(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        String text =
                Check.failure(link.awaitAnswer(link.call(bench.dialect().callInto("kit_missing_2")), "an answer"));
        Check.that(text.contains("kit_missing_2"), "a text with kit_missing_2 in it", text);
        return text.lines().findFirst().orElse("");
    }

    private static String remembered(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        Check.failure(link.awaitAnswer(link.call(bench.dialect().callInto("kit_missing_3")), "an answer"));
        int mark = link.mark();
        Check.failure(link.awaitAnswer(link.call(bench.dialect().callInto("kit_missing_3")), "an answer"));
        Check.none(link, mark, "second request", frame -> frame.handle() == Handle.GET_MODULE);
        return "one request for two calls";
    }

    private static String unasked(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        link.send(link.frame(Handle.LOAD_MODULE, 0, load(bench.dialect())));
        Check.equal("result", "served", link.result(bench.dialect().served()));
        Check.none(link, 0, "request", frame -> isRequest(frame, bench.dialect().servedName()));
        return "no request";
    }

    private static String stranger(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        link.send(link.frame(Handle.LOAD_MODULE, 0, load(bench.dialect())).from(STRANGER, STRANGER));
        Check.failure(link.awaitAnswer(link.call(bench.dialect().served()), "an answer to a call into it"));
        awaitRequest(link, 0, bench.dialect().servedName());
        return "it was asked for, and not there";
    }

    private static String garbage(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT).link();
        String name = bench.dialect().servedName();
        List<byte[]> all = List.of(
                new byte[0],
                new byte[] {1, 2, 3},
                PickleOut.toBytes(null),
                PickleOut.toBytes(Tuple.of(1, 2, 3, 4, 5)),
                PickleOut.toBytes(Tuple.of("kit_other", null, "p", new byte[] {9, 9}, List.of())));
        for (byte[] each : all) {
            link.send(link.frame(Handle.LOAD_MODULE, 0, each));
        }
        bench.fence(link);
        link.send(link.frame(Handle.LOAD_MODULE, 0, load(bench.dialect())));
        Check.equal(
                "result of a call into " + name,
                "served",
                link.result(bench.dialect().served()));
        return all.size() + " messages changed nothing";
    }

    private static String waiting(Bench bench) throws Deviation, IOException {
        Dialect dialect = bench.dialect();
        for (boolean lost : new boolean[] {false, true}) {
            Peer peer = bench.fresh(Wanted.DEFAULT);
            Link link = peer.link();
            peer.duties().addSilent(dialect.requestFor("kit_silent"));
            link.call(dialect.callInto("kit_silent"));
            awaitRequest(link, 0, dialect.requestFor("kit_silent"));
            if (lost) {
                link.close();
            } else {
                link.send(link.frame(Handle.SHUTDOWN, 0, new byte[0]));
            }
            peer.awaitExit();
        }
        return "it ended after SHUTDOWN, and after the loss of the link";
    }
}
