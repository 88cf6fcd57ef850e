// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Connected;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many attempts at once, with processes: from here, and through another context. */
@Timeout(120)
final class WideConnectIT {
    private static final int BOUND = 5;

    @TempDir
    Path folder;

    private LeakCheck processes;
    private LeakCheck files;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker, RouterOptions.DEFAULT.withAttemptsAtATime(BOUND));
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
        files.check(SOON);
    }

    /** A java that waits a while for another at first, fails, and writes down how many of it there were. */
    private Local counted(Path counts) throws IOException {
        Path present = Files.createDirectory(folder.resolve("present"));
        Path met = folder.resolve("met");
        return Local.create()
                .java(new FakeJava(folder)
                        .running(
                                "touch " + present + "/$$",
                                "i=0 n=1",
                                "until [ $n -gt 1 ] || [ -e " + met + " ] || [ $i -ge 100 ]; do",
                                "  sleep 0.1; i=$((i + 1)) n=$(ls " + present + " | wc -l)",
                                "done",
                                ": >" + met,
                                "sleep 0.2; m=$(ls " + present + " | wc -l)",
                                "echo $((m > n ? m : n)) >>" + counts,
                                "rm " + present + "/$$",
                                "exit 3"));
    }

    private void assertBounded(Local method, int count) throws Exception {
        Path counts = folder.resolve("counts");
        int failed = 0;
        for (Connected each : router.connectAll(Collections.nCopies(count, method))) {
            assertEquals(Reason.EXITED, each.failure().reason());
            failed++;
        }
        assertEquals(count, failed);
        List<String> seen = Files.readAllLines(counts);
        assertEquals(count, seen.size());
        int most = seen.stream()
                .mapToInt(line -> Integer.parseInt(line.trim()))
                .max()
                .orElseThrow();
        assertTrue(most <= BOUND, () -> most + " at a time");
        assertTrue(most > 1, () -> most + " at a time");
    }

    @Test
    void shouldKeepTheBoundHere() throws Exception {
        assertBounded(counted(folder.resolve("counts")), 40);
    }

    @Test
    void shouldKeepTheBoundInAnotherContext() throws Exception {
        Context via = router.local();

        assertBounded(counted(folder.resolve("counts")).via(via), 25);
    }

    @Test
    void shouldRunTheTimeOfAnAttemptFromItsOwnBeginning() throws Exception {
        Local silent = Local.create()
                .java(new FakeJava(folder).running("exec sleep 1000"))
                .connectTimeout(Duration.ofSeconds(3));
        List<Local> methods = new ArrayList<>(Collections.nCopies(BOUND + 1, silent));
        methods.add(silent.via(router.local()));

        for (Connected each : router.connectAll(methods)) {
            ConnectException e = each.failure();
            assertEquals(Reason.TIMEOUT, e.reason());
            assertTrue(e.getMessage().contains("first stage did not answer"), e::getMessage); // so it was begun
        }
    }

    @Test
    void shouldEndWaitingAttemptsWithoutBeginningThem() throws Exception {
        Path begun = folder.resolve("begun");
        Local silent = Local.create().java(new FakeJava(folder).running("echo begun >> " + begun, "exec sleep 1000"));
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        for (int i = 0; i < 4 * BOUND; i++) {
            attempts.add(router.connectAsync(silent));
        }
        Eventually.until(SOON, () -> lines(begun) == BOUND);

        attempts.subList(BOUND, 2 * BOUND).forEach(attempt -> attempt.cancel(true));
        router.close();

        for (CompletableFuture<Context> attempt : attempts) {
            if (!attempt.isCancelled()) {
                assertEquals(Reason.CANCELLED, ((ConnectException) failureOf(attempt)).reason());
            }
        }
        assertEquals(BOUND, lines(begun));
    }

    private static int lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldConnectManyThroughOneContextWhileOthersFailAndAreGivenUp() throws Exception {
        Context via = router.local();
        Local silent = Local.create()
                .java(new FakeJava(folder).running("exec sleep 1000"))
                .via(via);
        Local absent = Local.create().java("/nowhere/bin/java").via(via);
        List<CompletableFuture<Context>> good = new ArrayList<>();
        List<CompletableFuture<Context>> bad = new ArrayList<>();
        List<CompletableFuture<Context>> unwanted = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            if (i % 8 == 0) {
                bad.add(router.connectAsync(absent));
            } else if (i % 8 == 1) {
                unwanted.add(router.connectAsync(silent));
            } else {
                good.add(
                        router.connectAsync(InProcess.create().name("good-" + i).via(via)));
            }
        }

        Eventually.until(SOON, "a silent one hangs", () -> processes.leftovers().size() > 1);
        unwanted.forEach(attempt -> attempt.cancel(true));

        for (CompletableFuture<Context> attempt : bad) {
            assertEquals(Reason.NO_JAVA, ((ConnectException) failureOf(attempt)).reason());
        }
        long pid = via.call(Acts::pid);
        for (CompletableFuture<Context> attempt : good) {
            Context context = attempt.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertEquals(pid, context.call(Acts::pid));
            assertTrue(context.path().startsWith(via.path() + " -> InProcess good-"), context::path);
        }
        Eventually.until(SOON, "only via is left", () -> processes.leftovers().size() == 1);
    }

    @Test
    void shouldFailAllWhenTheContextInBetweenIsKilled() throws Exception {
        Context via = router.local();
        Local silent = Local.create()
                .java(new FakeJava(folder).running("exec cat <&3 >/dev/null"))
                .via(via);
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        for (int i = 0; i < 3 * BOUND; i++) {
            attempts.add(router.connectAsync(silent));
        }
        Eventually.until(SOON, () -> processes.leftovers().size() > 1);

        Trees.signal("KILL", via.call(Acts::pid));

        for (CompletableFuture<Context> attempt : attempts) {
            ConnectException e = assertInstanceOf(ConnectException.class, failureOf(attempt));
            assertEquals(Reason.VIA_GONE, e.reason());
            assertTrue(e.getMessage().contains("; path: " + via.path() + " -> Local"), e::getMessage);
        }
    }

    @Test
    void shouldGiveUpInAnotherContextWhileThatIsBusy() throws Exception {
        Context via = router.local();
        CompletableFuture<Context> attempt = router.connectAsync(Local.create()
                .java(new FakeJava(folder).running("exec sleep 1000"))
                .via(via));
        Eventually.until(SOON, () -> processes.leftovers().size() > 1);
        CompletableFuture<?> busy = via.callAsync(Acts::parkForEver);

        attempt.cancel(true);

        Eventually.until(SOON, "only via is left", () -> processes.leftovers().size() == 1);
        assertFalse(busy.isDone());
    }
}
