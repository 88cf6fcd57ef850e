// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit as the child of a master of this library, and of contexts below it. */
@Timeout(120)
final class JavaParentIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private LeakCheck processes;
    private LeakCheck files;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        end();
        processes.check(SOON);
        files.check(SOON);
    }

    private void end() {
        router.close();
        broker.close();
    }

    private Local kit(String of, Context other, String end) throws IOException {
        return Local.create()
                .python(KitCommand.interpreter(
                                folder,
                                folder.resolve("status"),
                                "--child",
                                "--of",
                                of,
                                "--report",
                                folder.resolve("report").toString(),
                                "--context",
                                String.valueOf(other.id()),
                                "--end",
                                end)
                        .toString());
    }

    private KitReport report() throws IOException {
        Eventually.until(SOON, () -> text("report").contains(" not-applicable\n"));
        return KitReport.read(folder.resolve("report"));
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException expected) { // not there yet
            return "";
        }
    }

    @Test
    void shouldFindThatAJavaMasterKeepsTheRules() throws Exception {
        Context other = router.local();
        Context kit = router.connect(kit("jvm", other, "shutdown"));

        String answer = (String) kit.call("os", "getpid");
        end();

        assertTrue(answer.matches("\\d+ pass, 0 FAIL, 0 differs, 0 not-applicable"), answer);
        KitReport report = report();
        assertEquals(Set.of(), report.names(Verdict.FAIL), report::toString);
        assertTrue(report.names(Verdict.PASS).contains("parent.end.shutdown"), report::toString);
        Eventually.until(SOON, () -> text("status").equals("0\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad-magic", "oversize", "detach"})
    void shouldTestHowTheLinkEnds(String end) throws Exception {
        Context other = router.local();
        router.connect(kit("jvm", other, end));

        KitReport report = report();
        assertEquals(Set.of(), report.names(Verdict.FAIL), report::toString);
        assertTrue(report.names(Verdict.PASS).contains("parent.end." + end), report::toString);
    }

    @Test
    void shouldTestAJvmBelowAMaster() throws Exception {
        Context relay = router.local();
        Context other = router.local();
        Context kit = router.connect(kit("jvm", other, "shutdown").via(relay));

        kit.call("os", "getpid");
        end();

        KitReport report = report();
        assertEquals(Set.of(), report.names(Verdict.FAIL), report::toString);
        assertEquals(Set.of("parent.add-route.parent"), report.names(Verdict.NOT_APPLICABLE), report::toString);
    }

    @Test
    void shouldTestAPythonContextBelowAJavaMaster() throws Exception {
        Context relay = router.connect(Local.create().python(KitCommand.python()));
        Context other = router.local();
        Context kit = router.connect(kit("python", other, "shutdown").via(relay));

        kit.call("os", "getpid");
        end();

        KitReport report = report();
        assertEquals(Set.of(), report.names(Verdict.FAIL), report::toString);
    }
}
