// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.ChannelException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.python.PythonOptions;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.life.Trees;
import io.mitogen.testkit.log.RecordedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How interpreters end in trees with JVMs, what their users see of it, and that nothing is left. */
@Timeout(90)
final class MixedDeathIT {
    private static final int MANY = 30;

    @TempDir
    Path folder;

    private LeakCheck processes;
    private LeakCheck files;
    private LeakCheck descriptors;
    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        descriptors = DescriptorLeakCheck.start();
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(
                broker, RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withSearchPath(List.of(folder))));
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        log.close();
        processes.check(SOON);
        files.check(SOON);
        descriptors.check(SOON);
    }

    private static PythonFunction<Object> act(String name) {
        return PythonFunction.of("mixed_acts", name);
    }

    private Context python() {
        return router.connect(Local.create().python().name("py"));
    }

    private Context python(Context via) {
        return router.connect(Local.create().python().via(via));
    }

    private Context jvm(Context via) {
        return router.connect(Local.create().via(via));
    }

    private static int pid(Context python) {
        return python.call(act("pid").returning(Integer.class));
    }

    private static String reasonOf(Context context) throws Exception {
        return context.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void assertGone(String part, Throwable failure) {
        assertInstanceOf(ContextGoneException.class, failure);
        assertTrue(failure.getMessage().contains(part), () -> failure.getMessage() + " does not contain " + part);
    }

    // == Somebody else ends the one in the middle ==

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "STOP KILL"})
    void shouldFailWhatWaitsForTheMiddleAndAllBelowIt(String signals) throws Exception {
        Context top = router.connect(Local.create().name("top"));
        Context middle = python(top);
        Context low = jvm(middle);
        Context lowest = python(low);
        int pid = pid(middle);
        LeakCheck below = ProcessLeakCheck.of(Set.of((long) pid, (long) low.call(JavaActs::pid), (long) pid(lowest)));
        CompletableFuture<Object> inMiddle = middle.callAsync(act("hang"));
        CompletableFuture<Void> inLow = low.callAsync(JavaActs::hang);
        CompletableFuture<Object> inLowest = lowest.callAsync(act("hang"));

        for (String signal : signals.split(" ")) {
            Trees.signal(signal, pid);
        }

        for (CompletableFuture<?> each : List.of(inMiddle, inLow, inLowest)) {
            assertGone("the respondent Context has disconnected: lost behind top", failureOf(each));
        }
        for (Context each : List.of(middle, low, lowest)) {
            String reason = reasonOf(each);
            assertTrue(reason.startsWith("lost behind top: ") && reason.contains("process " + pid), reason);
            assertGone(reason, assertThrows(Throwable.class, () -> each.call("any", "thing")));
        }
        assertTrue(top.call(JavaActs::pid) > 0);
        below.check(SOON);
    }

    @Test
    void shouldSayHowTheUppermostEndedToAllCallsBehindIt() throws Exception {
        Context top = python();
        Context low = python(jvm(top));
        CompletableFuture<Object> pending = low.callAsync(act("hang"));
        int pid = pid(top);

        Trees.signal("KILL", pid);

        String reason = "process " + pid + ": exit status 137 (killed by signal 9)";
        assertGone(reason, failureOf(pending));
        assertEquals(reason, reasonOf(low));
        assertEquals(reason, reasonOf(top));
    }

    @Test
    void shouldFailTheAttemptThatAKilledContextHadBegun() throws Exception {
        Context middle = python(router.connect(Local.create().name("top")));
        int pid = pid(middle);
        Path hung = folder.resolve("python");
        Files.writeString(hung, "#!/bin/sh\ntouch \"$0.began\"\nexec cat >/dev/null\n");
        assertTrue(hung.toFile().setExecutable(true));
        CompletableFuture<Context> attempt =
                router.connectAsync(Local.create().python(hung.toString()).via(middle));
        Eventually.until(SOON, () -> Files.exists(folder.resolve("python.began")));

        Trees.signal("KILL", pid);

        ConnectException failure = assertInstanceOf(ConnectException.class, failureOf(attempt));
        assertEquals(ConnectException.Reason.VIA_GONE, failure.reason());
        assertTrue(failure.getMessage().contains("lost behind top"), failure::getMessage);
    }

    @Test
    void shouldFailTheCallWhoseModuleIsBeingLoadedWhenTheMiddleIsKilled() throws Exception {
        Files.writeString(
                folder.resolve("slow_to_load.py"),
                "import time\nopen(%s, 'w').close()\ntime.sleep(1000)\n".formatted("'" + folder + "/began'"));
        Context middle = python(router.connect(Local.create().name("top")));
        Context low = python(middle);
        int pid = pid(middle);
        CompletableFuture<Object> call = low.callAsync("slow_to_load", "f");
        Eventually.until(SOON, () -> Files.exists(folder.resolve("began")));

        Trees.signal("KILL", pid);

        assertGone("lost behind top", failureOf(call));
    }

    @Test
    void shouldEndAStoppedContextByForceWhenTheGraceIsOver() throws Exception {
        Context below = jvm(python());
        Trees.signal("STOP", pid(python(router.local())));
        Trees.signal("STOP", pid(router.connect(Local.create().python())));
        assertTrue(below.call(JavaActs::pid) > 0);
    }

    // == A function ends its context ==

    @Test
    void shouldSayHowAFunctionEndedItsContext() throws Exception {
        String term = "exit status 143 (killed by signal 15)";
        assertEndsWith(term, act("exit_with").with("status", 3));
        assertEndsWith(term, act("interrupt"));
        assertEndsWith(term, act("generator"));
        assertEndsWith("exit status 4", act("leave_at_once").with("status", 4));
        assertEndsWith("exit status 139 (killed by signal 11)", act("kill_self").with("number", 11));

        log.await("the crash", record -> record.getMessage().endsWith("SystemExit: 3"));
        log.await("the crash", record -> record.getMessage().endsWith("cannot pickle 'generator' object"));
    }

    private void assertEndsWith(String status, PythonFunction<Object> function) throws Exception {
        Context python = python();
        String reason = "process " + pid(python) + ": " + status;
        assertGone(reason, failureOf(python.callAsync(function)));
        assertEquals(reason, reasonOf(python));
    }

    @Test
    void shouldFailTheCallAloneWhenItsResultIsTooLarge() throws Exception {
        Context python = python();

        Throwable failure = failureOf(python.callAsync(act("large"), 200_000_000));
        assertInstanceOf(ChannelException.class, failure);
        assertTrue(failure.getMessage().contains("message too large (max 134217728 bytes)"), failure::getMessage);
        assertTrue(pid(python) > 0);
    }

    @Test
    void shouldEndContextsWhoseFunctionsHangOrIgnoreTerm() throws Exception {
        Context stubborn = python();
        Context below = python(stubborn);
        int pid = stubborn.call(act("ignore_term").returning(Integer.class));
        below.call(act("ignore_term"));
        CompletableFuture<Object> hung = stubborn.callAsync(act("hang"));
        CompletableFuture<Object> hungBelow = below.callAsync(act("hang"));

        stubborn.shutdown();

        assertGone("process " + pid, failureOf(hung));
        assertInstanceOf(ContextGoneException.class, failureOf(hungBelow));
    }

    @Test
    void shouldNotBeHeldByAProcessThatAFunctionLeftWithItsDescriptors() throws Exception {
        Context python = python();
        int left = python.call(act("fork_and_leave").returning(Integer.class));
        try {
            python.shutdown();

            assertTrue(reasonOf(python).contains("exit status 143"), () -> python.gone()
                    .join());
        } finally {
            Trees.signal("KILL", left);
        }
    }

    // == A context goes its own way ==

    @Test
    void shouldLetAContextThatDetachedOutliveTheTree() throws Exception {
        Context jvm = router.connect(Local.create().name("jvm"));
        List<Path> said = new ArrayList<>();
        for (Context each : List.of(python(), python(jvm))) {
            Path file = folder.resolve("detached." + each.id());
            said.add(file);
            assertGone(
                    "the respondent Context has disconnected",
                    failureOf(each.callAsync(act("detach"), file.toString())));
            String reason = reasonOf(each);
            assertTrue(reason.endsWith(": it detached") || reason.equals("lost behind jvm"), reason);
        }
        for (Path file : said) {
            Eventually.until(SOON, () -> Files.exists(file));
        }
        router.close();
        broker.close();
        for (Path file : said) {
            long pid = Long.parseLong(Files.readString(file));
            assertTrue(ProcessHandle.of(pid).isPresent(), file::toString);
            Trees.signal("TERM", pid);
        }
    }

    // == Many ==

    @Test
    void shouldStartManyAndLoseThemAll() throws Exception {
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            attempts.add(router.connectAsync(Local.create().python()));
        }
        Set<Integer> pids = new HashSet<>();
        List<CompletableFuture<Object>> hung = new ArrayList<>();
        for (CompletableFuture<Context> each : attempts) {
            pids.add(pid(each.get()));
            hung.add(each.get().callAsync(act("hang")));
        }
        assertEquals(MANY, pids.size());

        for (int pid : pids) {
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }

        for (CompletableFuture<Object> each : hung) {
            assertGone("killed by signal 9", failureOf(each));
        }
        for (CompletableFuture<Context> each : attempts) {
            assertTrue(reasonOf(each.get()).contains("killed by signal 9"));
        }
    }
}
