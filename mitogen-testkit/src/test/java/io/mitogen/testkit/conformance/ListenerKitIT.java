// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.unix.UnixListener;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kit as a client of listeners, of this library and of Python Mitogen. */
@Timeout(120)
final class ListenerKitIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long LIMIT_S = 60;

    @TempDir
    private Path folder;

    private LeakCheck processes;
    private LeakCheck files;

    @BeforeEach
    void look() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() {
        processes.check(SOON);
        files.check(SOON);
    }

    private KitReport test(int expectedStatus, Path path, String... options) {
        List<String> words = new ArrayList<>(List.of("conformance", "--unix", path.toString()));
        words.addAll(List.of(options));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        String printed = out.toString(StandardCharsets.UTF_8);
        assertEquals(expectedStatus, status, () -> printed + err.toString(StandardCharsets.UTF_8));
        return KitReport.of(printed.lines().toList());
    }

    private KitReport testPython(int expectedStatus, String defect, String... options) throws Exception {
        Path path = folder.resolve("s");
        Process master = new ProcessBuilder(
                        KitCommand.python(), "src/test/python/conformance_listener.py", path.toString(), defect)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try (BufferedReader printed = master.inputReader(StandardCharsets.UTF_8)) {
            List<String> words = new ArrayList<>(List.of("--of", "python", "--context", printed.readLine()));
            words.addAll(List.of(options));
            KitReport report = test(expectedStatus, path, words.toArray(String[]::new));
            master.getOutputStream().close();
            assertTrue(master.waitFor(LIMIT_S, TimeUnit.SECONDS), "the master did not end");
            return report;
        } finally {
            master.destroyForcibly();
        }
    }

    @Test
    void shouldFindThatAJavaListenerKeepsTheRules() throws Exception {
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker);
                UnixListener listener = UnixListener.open(router, folder.resolve("s"))) {
            Context child = router.local();

            KitReport report = test(0, listener.path(), "--of", "jvm", "--context", String.valueOf(child.id()));

            assertEquals(report.lines().size(), report.names(Verdict.PASS).size(), report::toString);
            child.gone().get(LIMIT_S, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldFindThatAPythonListenerKeepsTheRulesButOne() throws Exception {
        KitReport report = testPython(0, "nothing", "--timeout", "8");

        assertEquals(Set.of("unix.hello-none"), report.names(Verdict.DIFFERS), report::toString);
        assertEquals(report.lines().size() - 1, report.names(Verdict.PASS).size(), report::toString);
    }

    @Test
    void shouldSkipWhatNeedsAContextWhenNoneIsNamed() throws Exception {
        try (Broker broker = Mitogen.startBroker();
                MasterRouter router = new MasterRouter(broker);
                UnixListener listener = UnixListener.open(router, folder.resolve("s"))) {
            KitReport report = test(0, listener.path());

            assertEquals(
                    new TreeSet<>(Set.of("unix.context", "unix.context-gone")),
                    report.names(Verdict.NOT_APPLICABLE),
                    report::toString);
        }
    }

    @Test
    void shouldFailAtTheModeOfASocketThatIsOpenToAll() throws Exception {
        assertEquals(
                Set.of("unix.mode"),
                testPython(1, "mode", "--only", "unix.mode", "--only", "unix.handshake")
                        .names(Verdict.FAIL));
    }

    @Test
    void shouldFailWhereClientsKeepTheirOwnAuthority() throws Exception {
        KitReport report = testPython(1, "stamp", "--timeout", "8");

        assertEquals(
                new TreeSet<>(Set.of("unix.auth-stamped", "unix.context", "unix.context-gone")),
                report.names(Verdict.FAIL),
                report::toString);
    }

    @Test
    void shouldFailEverythingButNotWaitWhereNobodyListens() {
        KitReport report = test(1, folder.resolve("nobody"), "--only", "unix.handshake");

        assertTrue(report.toString().contains("expected: a listener at "), report::toString);
    }
}
