// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.cases;

import static io.mitogen.testkit.conformance.cases.Case.child;

import io.mitogen.testkit.conformance.peer.Deviation;
import io.mitogen.testkit.conformance.peer.Handle;
import io.mitogen.testkit.conformance.peer.Link;
import io.mitogen.testkit.conformance.peer.Wanted;
import io.mitogen.testkit.conformance.wire.Frame;
import java.io.IOException;
import java.util.List;

/** Log records: how they travel, and what is one. */
final class LogCases {
    private static final int ERROR = 40;

    private LogCases() {}

    static List<Case> cases() {
        return List.of(
                child(
                        "logs.form",
                        "a record goes to handle 102 of the master, wherever that is: logger, level and text, UTF-8, with a NUL between",
                        LogCases::form),
                child("logs.printed", "what is printed is a record of stdout or stderr at level 20", LogCases::printed),
                child("logs.level", "nothing below the level of the configuration is sent", LogCases::level));
    }

    private static Frame awaitLog(Link link, String expected, String logger, String text) throws Deviation {
        return link.await(0, expected, frame -> {
            String[] parts = frame.text().split("\0", 3);
            return frame.handle() == Handle.FORWARD_LOG
                    && parts.length == 3
                    && parts[0].equals(logger)
                    && parts[2].contains(text);
        });
    }

    private static String form(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withParents(7, 0)).link();
        link.send(link.frame(
                Handle.CALL_FUNCTION,
                0,
                bench.dialect().fail(bench.dialect().oddWord()).toBytes()));
        Frame log = awaitLog(
                link,
                "a record of mitogen with " + bench.dialect().oddWord() + " in it",
                "mitogen",
                bench.dialect().oddWord());
        Check.equal("dst_id", 0, log.dst());
        Check.equal("src_id", link.peerId(), log.src());
        Check.equal("auth_id", link.peerId(), log.auth());
        Check.equal("reply_to", 0, log.replyTo());
        Check.equal("enc", Frame.MGC, log.enc());
        return log.toString();
    }

    private static String printed(Bench bench) throws Deviation, IOException {
        Link link = bench.link();
        link.call(bench.dialect().print());
        String logger = bench.dialect().printLogger();
        Frame log = awaitLog(
                link,
                "a record of " + logger + " with: " + bench.dialect().printed(),
                logger,
                bench.dialect().printed());
        Check.equal("level", "20", log.text().split("\0", 3)[1]);
        return log.toString();
    }

    private static String level(Bench bench) throws Deviation, IOException {
        Link link = bench.fresh(Wanted.DEFAULT.withLogLevel(ERROR)).link();
        link.result(bench.dialect().print());
        link.send(
                link.frame(Handle.CALL_FUNCTION, 0, bench.dialect().fail("word").toBytes()));
        awaitLog(link, "a record at level 40", "mitogen", "word");
        bench.fence(link);
        long records = link.since(0).stream()
                .filter(frame -> frame.handle() == Handle.FORWARD_LOG)
                .count();
        Check.equal("records at level 40", 1L, records);
        return "an error was sent, a printed line was not";
    }
}
