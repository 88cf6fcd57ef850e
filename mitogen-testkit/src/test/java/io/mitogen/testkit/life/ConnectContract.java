// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import static io.mitogen.testkit.life.Trees.SOON;
import static io.mitogen.testkit.life.Trees.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.CallInterruptedException;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Launch;
import io.mitogen.parent.LaunchMethod;
import io.mitogen.parent.LaunchSite;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.docker.OldJava;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How contexts begin, and what is said and left when they do not; the same for all ways to serve streams of processes. */
@Timeout(60)
abstract class ConnectContract {
    private static final Duration MOMENT = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private FakeJava java;
    private LeakCheck processes;
    private LeakCheck files;
    private LeakCheck descriptors;
    private Broker broker;
    private MasterRouter router;

    abstract RouterOptions options();

    @BeforeEach
    void start() {
        java = new FakeJava(folder);
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        descriptors = DescriptorLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker, options());
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
        files.check(SOON);
        descriptors.check(SOON);
    }

    // == What can be chosen ==

    /** More than the FIFO takes that its JVM reads itself, and before it reads. */
    @Test
    void shouldNotWaitForItselfWhenItsJvmLogs() {
        Context context = router.connect(Local.create().jvmOptions("-verbose:class", "-Xlog:class*=debug"));

        assertTrue(context.call(Acts::pid) > 0);
    }

    @Test
    void shouldShowItsMasterInTheProcessListWhenNotNamed() throws Exception {
        Context context = router.local();

        String program = programOf(context.call(Acts::pid));

        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        String variable = System.getenv("HOSTNAME");
        String expected = "/mitogen:" + System.getProperty("user.name") + "@" + (variable == null ? host : variable)
                + ":" + ProcessHandle.current().pid();
        assertTrue(program.endsWith(expected), program + " does not end with " + expected);
        assertTrue(context.name().startsWith("local."), context.name());
    }

    @Test
    void shouldShowTheChosenNameInTheProcessList() throws Exception {
        Context context = router.connect(Local.create().name("a \"b\" $(c) 'd' é"));

        String program = programOf(context.call(Acts::pid));

        assertTrue(program.endsWith("/mitogen:a \"b\" $(c) 'd' é"), program);
        assertEquals("a \"b\" $(c) 'd' é", context.name());
    }

    @Test
    void shouldPassOptionsToTheJvm() {
        Context context = router.connect(Local.create().jvmOptions("-Xmx64m", "-Dsome.property=a b"));

        assertEquals("a b", context.call(Acts::property, "some.property"));
    }

    @Test
    void shouldSearchTheExtraClassPathBeforeTheMaster() throws Exception {
        String resource = OldJava.class.getName().replace('.', '/') + ".class"; // which the master has, too
        Path place = folder.resolve("extra/" + resource);
        Files.createDirectories(place.getParent());
        Files.writeString(place, "from the extra class path");

        Context context =
                router.connect(Local.create().classPath(folder.resolve("extra").toString()));

        assertEquals("from the extra class path", context.call(ConnectContract::resource, resource));
    }

    private static String resource(String path) throws IOException {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldConnectThroughTwoOthers() {
        Context first = router.local();
        Context second = router.connect(Local.create().via(first).name("second"));
        Context third = router.connect(Local.create().via(second).name("third"));

        assertEquals(second.call(Acts::pid), third.call(ConnectContract::parentPid));
    }

    private static long parentPid() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    @Test
    void shouldRefuseBadOptionsAtOnceAndNameThem() {
        assertRefused("name", local -> local.name(""));
        assertRefused("name", local -> local.name("a/b"));
        assertRefused("name", local -> local.name("a\nb"));
        assertRefused("name", local -> local.name("n".repeat(100)));
        assertRefused("java", local -> local.java(" "));
        assertRefused("jvmOptions", local -> local.jvmOptions("Xmx64m"));
        assertRefused("connectTimeout", local -> local.connectTimeout(Duration.ZERO));
        assertRefused("connectTimeout", local -> local.connectTimeout(Duration.ofSeconds(-1)));
    }

    private static void assertRefused(String argument, UnaryOperator<Local> choose) {
        String message = assertThrows(IllegalArgumentException.class, () -> choose.apply(Local.create()))
                .getMessage();
        assertTrue(message.startsWith(argument + ": "), message);
    }

    // == What can go wrong ==

    @Test
    void shouldSayWhereItLookedWhenThereIsNoJava() {
        assertFails(Local.create().java("/nowhere/bin/java"), Reason.NO_JAVA, "no Java found", "/nowhere/bin/java");
        assertFails(Local.create().java("no-such-java"), Reason.NO_JAVA, "no-such-java", "PATH=");
    }

    @Test
    void shouldNameTheVersionsWhenTheJavaIsTooOld() throws Exception {
        assertFails(
                Local.create().java(java.old()),
                Reason.JAVA_TOO_OLD,
                "Java 17 or later is needed",
                "1.8.0_202",
                System.getProperty("java.home"));
    }

    @Test
    void shouldSayWhyWhenTheProcessCannotBeStarted() {
        assertFails(
                Local.create().jvmOptions("-D" + "x".repeat(4 << 20)),
                Reason.START_REFUSED,
                "the process could not be started");
    }

    @Test
    void shouldShowTheJvmsOwnWordsWhenItRefusesToStart() {
        assertFails(
                Local.create().jvmOptions("-XX:+NoSuchFlag"),
                Reason.EXITED,
                "exit status 1",
                "Unrecognized VM option 'NoSuchFlag'");
        assertFails(Local.create().jvmOptions("-Xms2m", "-Xmx1m"), Reason.EXITED, "exit status 1", "heap size");
    }

    @Test
    void shouldNameTheStatusAndTheLastWordsWhenItEndsEarly() throws Exception {
        assertFails(
                Local.create().java(java.running("echo broken >&2", "exit 3")),
                Reason.EXITED,
                "exit status 3",
                "broken");
        assertFails(
                Local.create().java(java.running("echo something else >&4", "echo more >&2")),
                Reason.EXITED,
                "exit status 0",
                "something else",
                "more");
        assertFails(
                Local.create().java(java.running("kill -9 $$")), Reason.EXITED, "exit status 137 (killed by signal 9)");
        assertFails(
                Local.create().java(java.running("head -c 300000 /dev/urandom >&4")), Reason.EXITED, "exit status 0");
    }

    @Test
    void shouldSayWhatIsWrongWithTheHandshake() throws Exception {
        assertFails(
                Local.create().java(java.running("echo MITO002 >&4", "exec sleep 1000")),
                Reason.BAD_HANDSHAKE,
                "ready before it was sent the core");
        assertFails(
                Local.create().java(java.running("echo MITO000 >&4", "echo MITO000 >&4", "exec sleep 1000")),
                Reason.BAD_HANDSHAKE,
                "announced itself twice");
        assertFails(
                Local.create().java(java.running("echo MITOERR surprise >&4", "exec sleep 1000")),
                Reason.BAD_HANDSHAKE,
                "surprise");
    }

    @Test
    void shouldGiveUpAtItsDeadlineAndTellTheLastWords() throws Exception {
        assertFails(
                Local.create()
                        .java(java.running("echo warming up >&2", "sleep 1000"))
                        .connectTimeout(MOMENT),
                Reason.TIMEOUT,
                "its first stage did not answer within 3000 ms",
                "warming up");
        assertFails(
                Local.create()
                        .java(java.running("echo MITO000 >&4", "exec sleep 1000"))
                        .connectTimeout(MOMENT),
                Reason.TIMEOUT,
                "did not become ready within 3000 ms");
    }

    @Test
    void shouldGiveUpWhenItsCallerIsInterrupted() throws Exception {
        Local hanging = Local.create().java(java.running("exec sleep 1000"));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                router.connect(hanging);
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        caller.start();
        Eventually.until(SOON, () -> !processes.leftovers().isEmpty());

        caller.interrupt();

        caller.join();
        assertInstanceOf(CallInterruptedException.class, failure.get());
        processes.check(SOON);
    }

    @Test
    void shouldGiveUpWhenItsResultIsCancelled() throws Exception {
        CompletableFuture<Context> attempt = router.connectAsync(Local.create().java(java.running("exec sleep 1000")));
        Eventually.until(SOON, () -> !processes.leftovers().isEmpty());

        attempt.cancel(true);

        processes.check(SOON);
    }

    @Test
    void shouldGiveUpWhenItsRouterIsClosed() throws Exception {
        CompletableFuture<Context> attempt = router.connectAsync(Local.create().java(java.running("exec sleep 1000")));
        CompletableFuture<Context> another = router.connectAsync(Local.create());

        router.close();
        broker.close();

        assertEquals(Reason.CANCELLED, ((ConnectException) failureOf(attempt)).reason());
        Eventually.until(SOON, "the other attempt ends", another::isDone);
    }

    @Test
    void shouldSayThatTheContextInBetweenIsGone() throws Exception {
        for (int round = 0; round < 3; round++) {
            Context via = router.local();
            long pid = via.call(Acts::pid);
            CompletableFuture<Context> attempt =
                    router.connectAsync(Local.create().jvmOptions("-Xint").via(via));
            if (round > 0) {
                Eventually.until(
                        SOON,
                        () -> ProcessHandle.of(pid).orElseThrow().children().count() > 0);
            }

            Trees.signal("KILL", pid);

            ConnectException e = assertInstanceOf(ConnectException.class, failureOf(attempt));
            assertEquals(Reason.VIA_GONE, e.reason());
            assertTrue(e.getMessage().contains("exit status 137"), e::getMessage);
        }
    }

    @Test
    void shouldSayTheSameThroughAnotherContext() {
        Context via = router.local();

        assertFails(Local.create().java("/nowhere/bin/java").via(via), Reason.NO_JAVA, "/nowhere/bin/java", via.name());
        assertTrue(via.call(Acts::pid) > 0);
    }

    @Test
    void shouldSayWhyTheContextInBetweenCannotBegin() {
        Context via = router.local();
        Unrepeatable method = new Unrepeatable(ContextOptions.DEFAULT.withVia(via));

        ConnectException e = assertThrows(ConnectException.class, () -> router.connect(method));

        assertEquals(Reason.START_REFUSED, e.reason(), e::getMessage);
        assertTrue(e.getMessage().contains("fromOptions"), e::getMessage);
        assertInstanceOf(CallException.class, e.getCause());
    }

    /** A method that no other context can make again of its options. */
    private record Unrepeatable(ContextOptions common) implements LaunchMethod {
        @Override
        public String java() {
            return null;
        }

        @Override
        public Launch launch(LaunchSite site) {
            return new Launch(site.boot().argv());
        }

        @Override
        public String defaultName(long pid) {
            return "unrepeatable";
        }

        @Override
        public Kwargs options() {
            return common.toKwargs();
        }
    }

    /** Checks the reason, the parts of the message, and that nothing is left while the router goes on. */
    private void assertFails(Local method, Reason reason, String... parts) {
        LeakCheck left = ProcessLeakCheck.start();
        ConnectException e = assertThrows(ConnectException.class, () -> router.connect(method));

        assertEquals(reason, e.reason(), e::getMessage);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> e.getMessage() + "\ndoes not contain " + part);
        }
        left.check(SOON);
        files.check(SOON);
    }

    private static String programOf(long pid) throws IOException {
        String words = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        return words.substring(0, words.indexOf('\0'));
    }
}
