// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.wire.MessageTap;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What contexts print and log arrives at the master's logger. */
final class LogIT {
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void stop() {
        router.close();
        broker.close();
        log.close();
    }

    private Context connect(String name) {
        return router.connect(Local.create().name(name));
    }

    private void assertSaidAll(String context, String text) {
        assertRecord(context, "stdout", Level.INFO, "out " + text);
        assertRecord(context, "stderr", Level.INFO, "err " + text);
        assertRecord(context, "stdout", Level.INFO, "printf " + text + " 1");
        assertRecord(context, "stdout", Level.INFO, "in pieces " + text);
        assertRecord(context, "stdout", Level.INFO, "shell out " + text);
        assertRecord(context, "stderr", Level.INFO, "shell err " + text);
        assertRecord(context, "com.acme.Jul", Level.WARNING, "jul " + text);
        assertRecord(context, "com.acme.System", Level.SEVERE, "system " + text);
    }

    private void assertRecord(String context, String source, Level level, String text) {
        LogRecord record = log.await(context, text);
        assertEquals(source, record.getSourceClassName(), text);
        assertEquals(level, record.getLevel(), text);
    }

    @Test
    void shouldBringEverythingHomeFromAnyDepth() {
        Context web = connect("web");
        web.call(Talker::sayAll, "from the child");
        web.call(Talker::sayAllBelow, "db", "from recursion");
        router.connect(Local.create().name("cache").via(web)).call(Talker::sayAll, "from via");

        assertSaidAll("web", "from the child");
        assertSaidAll("web.db", "from recursion");
        assertSaidAll("web.cache", "from via");
    }

    @Test
    void shouldDeliverLastLinesWithoutEndWhenTheContextEnds() {
        connect("web").call(Talker::printUnended);
        router.close();

        List<String> texts = log.all().stream().map(LogRecord::getMessage).collect(Collectors.toList());
        assertTrue(
                texts.containsAll(List.of("out without end", "err without end", "shell without end")),
                texts.toString());
    }

    @Test
    void shouldNotConfuseTheLinkWithAnythingPrinted() {
        Context web = connect("web");
        web.call(Talker::printConfusion);
        web.call(Talker::printBytes, 10_000_000);

        log.await("web", "MITO002");
        log.await("web", "after confusion");
        log.await("web", "after 10000000");
        assertEquals("well", web.call(Talker::echo, "well"));
        long printed = log.texts("mitogen.ctx.web", "stdout").stream()
                .filter(text -> text.startsWith("xxx"))
                .mapToLong(String::length)
                .sum();
        assertEquals(10_000_000, printed);
    }

    @Test
    void shouldTellOfAnUncaughtAndOfALoggedExceptionWhateverTheirMethodsThrow() {
        connect("web").call(Talker::failBrokenly);

        String broken =
                Talker.class.getName() + "$Broken\n    ... (its printStackTrace() threw java.lang.StackOverflowError)";
        assertRecord("web", "mitogen", Level.SEVERE, "Exception in thread \"worker-7\": " + broken);
        assertRecord("web", "com.acme.Broken", Level.WARNING, "broken\n    " + broken);
    }

    @Test
    void shouldLoseTheCallAndNotTheContextWhenAFunctionPrintsUntilItsStackIsFull() {
        Context web = router.connect(Local.create().name("web").jvmOptions("-Xss400k"));
        for (int round = 0; round < 3; round++) {
            CallException thrown = assertThrows(CallException.class, () -> web.call(Talker::printDeeper, 1));
            assertEquals("java.lang.StackOverflowError", thrown.remoteType());
            assertEquals("well", web.call(Talker::echo, "well"));
        }
    }

    @Test
    void shouldCutLongLinesBetweenCharacters() {
        connect("web").call(Talker::printLong, 20_000);
        router.close();

        List<String> parts = log.texts("mitogen.ctx.web", "stdout");
        assertTrue(parts.size() > 1, parts.size() + " parts");
        assertEquals("\u20ac".repeat(20_000), String.join("", parts));
    }

    @Test
    void shouldKeepTheOrderOfLinesInAStorm() {
        Context web = connect("web");
        web.call(Talker::printLines, 100_000);
        assertEquals("well", web.call(Talker::echo, "well"));
        router.close();

        List<String> lines = log.texts("mitogen.ctx.web", "stdout");
        for (int i = 0; i < lines.size(); i++) {
            assertEquals("line " + i, lines.get(i));
        }
        assertEquals(100_000, lines.size());
    }

    @Test
    void shouldKeepLevelsParametersAndStackTraces() {
        connect("web").call(Talker::logLevels);

        log.await("web", "nameless");
        assertEquals(
                List.of("level INFO", "level WARNING", "level SEVERE"),
                log.texts("mitogen.ctx.web", "com.acme.Levels").subList(0, 3));
        LogRecord traced = log.await("the trace", record -> record.getMessage().startsWith("with cause"));
        assertTrue(
                traced.getMessage().startsWith("with cause\n    java.lang.IllegalStateException: the cause\n    \tat "),
                traced.getMessage());
        assertRecord("web", "anonymous", Level.WARNING, "nameless");
    }

    @Test
    void shouldForwardWhenLoggingBeginsOnAForeignThread() {
        connect("web").call(Talker::logElsewhere);

        assertRecord("web", "com.acme.Pool", Level.WARNING, "from the pool");
    }

    @Test
    void shouldSurviveLoggingWhileLogging() {
        connect("web").call(Talker::logRecursively);

        assertRecord("web", "com.acme.Outer", Level.WARNING, "outer parameter");
        assertRecord("web", "com.acme.Inner", Level.WARNING, "inner");
        assertRecord("web", "stdout", Level.INFO, "printed inside");
        log.await("the failing parameter", record -> record.getMessage().startsWith("failing "));
        assertRecord("web", "com.acme.Outer", Level.WARNING, "after failing");
    }

    @Test
    void shouldLeaveLoggingAloneThatIsConfigured() {
        Context web =
                router.connect(Local.create().name("web").jvmOptions("-Djava.util.logging.config.file=/dev/null"));
        web.call(Talker::sayAll, "configured");

        log.await("web", "out configured");
        web.call(Talker::println, "last");
        log.await("web", "last");
        assertFalse(log.all().stream().anyMatch(record -> record.getMessage().contains("jul configured")));
    }

    @Test
    void shouldTakeWhatTheJvmItselfPrints() {
        Context web = router.connect(Local.create().name("web").jvmOptions("-Xlog:gc"));
        web.call(Talker::collect);

        LogRecord record = log.await("the collector", each -> each.getMessage().contains("System.gc()"));
        assertEquals("mitogen.ctx.web", record.getLoggerName());
        assertEquals("well", web.call(Talker::echo, "well"));
    }

    @Test
    void shouldSendNothingBelowTheThreshold() {
        log.close();
        log = new RecordedLog(Level.SEVERE);
        AtomicInteger frames = new AtomicInteger();
        router.router().tap(new MessageTap() {
            @Override
            public void onReceived(String stream, Object frame) {
                if (frame.toString().contains("FORWARD_LOG")) {
                    frames.incrementAndGet();
                }
            }

            @Override
            public void onSent(String stream, Object frame) {}
        });
        Context web = connect("web");
        web.call(Talker::println, "quiet");
        web.call(Talker::logLevels);

        LogRecord record = log.await("web", "level SEVERE");
        assertEquals(Level.SEVERE, record.getLevel());
        assertEquals(1, frames.get());
    }

    @Test
    void shouldSendEverythingWhenDebugged() {
        router.connect(Local.create().name("web").debug()).call(Talker::logLevels);
        assertRecord("web", "com.acme.Levels", Level.FINE, "level FINE");

        try (MasterRouter debugged = new MasterRouter(broker, RouterOptions.DEFAULT.withDebug(true))) {
            debugged.connect(Local.create().name("db")).call(Talker::logLevels);
        }
        assertRecord("db", "com.acme.Levels", Level.FINE, "level FINE");
        assertRecord("db", "com.acme.Levels", Level.CONFIG, "level CONFIG");

        router.enableDebug();
        connect("later").call(Talker::logLevels);
        assertRecord("later", "com.acme.Levels", Level.FINE, "level FINE");
    }

    @Test
    void shouldReportTheLastWordsOfAProcess() {
        Context web = connect("web");
        web.callNoReply(Talker::dieTalking);
        Eventually.until(Duration.ofSeconds(60), () -> log.texts("mitogen.ctx.web", "stderr")
                .contains("dying"));
    }
}
