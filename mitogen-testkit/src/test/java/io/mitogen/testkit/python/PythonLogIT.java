// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static io.mitogen.testkit.life.Trees.SOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.log.RecordedLog;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Python contexts print and log arrives at the master's logger, from any depth. */
@Timeout(60)
final class PythonLogIT {
    private static final int LINES = 50_000;
    private static final int LONG_CHARS = 10_000_000;

    private LeakCheck processes;
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        log.close();
        processes.check(SOON);
    }

    private static PythonFunction<Object> act(String name) {
        return PythonFunction.of("mixed_acts", name);
    }

    private void assertRecord(String context, String source, Level level, String text) {
        LogRecord record = log.await(context, text);
        assertEquals(source, record.getSourceClassName(), text);
        assertEquals(level, record.getLevel(), text);
    }

    private void assertSaidAll(String context, String text) {
        assertRecord(context, "stdout", Level.INFO, "out " + text);
        assertRecord(context, "stderr", Level.INFO, "err " + text);
        assertRecord(context, "stdout", Level.INFO, "shell out " + text);
        assertRecord(context, "stderr", Level.INFO, "shell err " + text);
        assertRecord(context, "acme", Level.INFO, "info " + text);
        assertRecord(context, "acme", Level.WARNING, "warning " + text);
        assertRecord(context, "acme.deep", Level.SEVERE, "error " + text);
        assertRecord(context, "acme", Level.SEVERE, "critical " + text);
        LogRecord traced = log.await(
                "traced " + text, record -> record.getMessage().startsWith("traced " + text + "\n    Traceback "));
        assertEquals("mitogen.ctx." + context, traced.getLoggerName());
        assertTrue(traced.getMessage().endsWith("\n    ValueError: the cause"), traced::getMessage);
        assertFalse(log.all().stream().anyMatch(record -> record.getMessage().startsWith("debug ")));
    }

    @Test
    void shouldBringEverythingHomeFromAnyDepth() {
        Context near = router.connect(Local.create().python().name("near"));
        Context below = router.connect(Local.create().python().name("below").via(near));
        Context jvm = router.connect(Local.create().name("jvm").via(below));
        Context deep = router.connect(Local.create().python().name("deep").via(jvm));

        near.call(act("say"), "from near");
        below.call(act("say"), "from below");
        deep.call(act("say"), "from the deep");

        assertSaidAll("near", "from near");
        assertSaidAll("near.below", "from below");
        assertSaidAll("near.below.jvm.deep", "from the deep");
    }

    @Test
    void shouldTakeWhatIsNoText() {
        Context python = router.connect(Local.create().python().name("py"));

        python.call(act("write_bytes"), (Object) "a\u00ff\u00fe\0b\n\n\u001b[31m\r\n".getBytes(ISO_8859_1));
        python.call(act("write_bytes"), (Object) "MITO000\nMITO002\nMITOERR x y\nlast\n".getBytes(ISO_8859_1));
        log.await("py", "last");
        assertEquals(
                List.of("a\ufffd\ufffd\\u0000b", "", "\\u001b[31m\\u000d", "MITO000", "MITO002", "MITOERR x y", "last"),
                log.texts("mitogen.ctx.py", "stdout"));
        assertEquals(2, python.call(PythonFunction.of("operator", "add"), 1, 1));
    }

    @Test
    void shouldKeepTheOrderOfManyLinesAndWholeLongOnes() {
        Context near = router.connect(Local.create().python().name("near"));
        Context python = router.connect(Local.create().python().name("py").via(near));

        python.call(act("print_lines"), LINES);
        python.call(act("print_long"), LONG_CHARS);
        Eventually.until(SOON, () -> log.texts("mitogen.ctx.near.py", "stdout").contains("after"));
        List<String> lines = log.texts("mitogen.ctx.near.py", "stdout");
        for (int i = 0; i < LINES; i++) {
            assertEquals("line " + i, lines.get(i));
        }
        assertEquals(
                LONG_CHARS,
                lines.stream()
                        .filter(l -> l.startsWith("xxx"))
                        .mapToLong(String::length)
                        .sum());
        assertEquals(2, python.call(PythonFunction.of("operator", "add"), 1, 1));
    }

    @Test
    void shouldTakeRecordsOfManyThreads() {
        Context python = router.connect(Local.create().python().name("py"));

        python.call(act("log_from_threads"), 50);
        for (int i = 0; i < 50; i++) {
            log.await("py", "thread " + i);
        }
    }

    @Test
    void shouldLogTheFailuresOfCallsThatNobodyWaitsFor() {
        Context near = router.connect(Local.create().python().name("near"));
        Context deep = router.connect(Local.create()
                .python()
                .name("deep")
                .via(router.connect(Local.create().name("jvm").via(near))));
        for (Context each : List.of(near, deep)) {
            each.callNoReply(PythonFunction.of("operator", "truediv"), 1, 0);
            each.callNoReply("no_such_module", "f");
            LogRecord record = log.await(
                    "division",
                    r -> r.getMessage()
                                    .startsWith(
                                            "No-reply function call failed: builtins.ZeroDivisionError: division by zero")
                            && r.getLoggerName().equals("mitogen.ctx." + each.name()));
            assertEquals(Level.SEVERE, record.getLevel());
            log.await(
                    "module",
                    r -> r.getMessage().contains("no_such_module")
                            && r.getLoggerName().equals("mitogen.ctx." + each.name()));
        }
    }
}
