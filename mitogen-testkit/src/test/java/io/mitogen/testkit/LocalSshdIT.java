// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import io.mitogen.master.Mitogen;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A real sshd, and the real ssh that talks with it. */
@RequiresSshd
@Timeout(60)
final class LocalSshdIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void shouldRunCommandsAsTheUserWhoStartedIt(LocalSshd sshd) throws Exception {
        Ran ran = ran(sshd.sshCommand("echo hello; id -un; exit 7"));

        assertEquals(List.of("hello", sshd.user()), ran.lines());
        assertEquals(7, ran.status());
        assertTrue(
                sshd.log().stream().anyMatch(line -> line.contains("Accepted publickey for " + sshd.user())),
                () -> String.join("\n", sshd.log()));
    }

    @Test
    void shouldGiveOneServerToAllTestsOfAClassAndCloseItAfterThem() {
        Sample.SEEN.clear();
        LauncherFactory.create()
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(Sample.class))
                        .build());

        assertEquals(2, Sample.SEEN.size());
        LocalSshd sshd = Sample.SEEN.get(0);
        assertSame(sshd, Sample.SEEN.get(1));
        assertFalse(sshd.folder().toFile().exists(), sshd.folder()::toString);
        ProcessLeakCheck.of(Set.of(sshd.pid())).check(SOON);
    }

    @Test
    void shouldBeKnownByItsKeyAndNotByAnother(LocalSshd sshd) throws Exception {
        List<String> wrong = new ArrayList<>(sshd.sshCommand("true"));
        wrong.replaceAll(word -> word.replace("=" + sshd.knownHosts(), "=" + sshd.wrongKnownHosts()));

        Ran refused = ran(wrong);

        assertEquals(255, refused.status());
        assertTrue(refused.text().contains("HOST IDENTIFICATION HAS CHANGED"), refused::text);
        assertTrue(refused.text().contains(sshd.hostKeyFingerprint()), refused::text);
    }

    @Test
    void shouldAcceptOtherKeysOnlyWhenTold(LocalSshd sshd) throws Exception {
        Path stranger = sshd.newIdentity("", false);
        Path friend = sshd.newIdentity("", true);

        assertEquals(255, ran(withIdentity(sshd, stranger)).status());
        assertEquals(0, ran(withIdentity(sshd, friend)).status());
    }

    @Test
    void shouldBeConnectedToWithItsKey(LocalSshd sshd) throws Exception {
        String user = Mitogen.compute(router -> router.connect(sshd.ssh()).call(() -> System.getProperty("user.name")));

        assertEquals(sshd.user(), user);
    }

    @Test
    void shouldLockAKeyWithAPassphrase(LocalSshd sshd) throws Exception {
        Path locked = sshd.newIdentity("open sesame", true);

        Ran refused = ran(withIdentity(sshd, locked));

        assertEquals(255, refused.status(), refused::text);
        Tool.run(List.of(Tool.find("ssh-keygen").getPath(), "-y", "-P", "open sesame", "-f", locked.toString()));
    }

    @Test
    void shouldTakeLinesOfConfiguration() throws Exception {
        try (LocalSshd sshd = LocalSshd.start("ForceCommand echo forced $MINE", "SetEnv MINE=1")) {
            assertEquals(List.of("forced 1"), ran(sshd.sshCommand("echo asked")).lines());
        }
    }

    /** Keywords are the same in any case. */
    @ParameterizedTest
    @ValueSource(strings = {"SetEnv MINE=1", "setenv\tMINE=1", " SetEnv=MINE=1"})
    void shouldMarkSessionsWhateverIsSetForThem(String line) throws Exception {
        try (LocalSshd sshd = LocalSshd.start(line)) {
            List<String> words = ran(sshd.sshCommand("echo $MINE $MITOGEN_TESTKIT_SSHD | wc -w; echo $MINE"))
                    .lines();

            assertEquals(List.of("2", "1"), words.stream().map(String::strip).toList());
        }
    }

    @Test
    void shouldStartWhateverTheServerShallLog() throws Exception {
        try (LocalSshd sshd = LocalSshd.start("LogLevel QUIET")) {
            assertEquals(0, ran(sshd.sshCommand("true")).status());
        }
    }

    @Test
    void shouldLeaveNothingWhenInterruptedWhileItStarts(@TempDir Path folder) throws Exception {
        LeakCheck leaks = LeakCheck.startAll();

        Ran ran = ran(java(folder, Interrupted.class)); // in a folder where nobody else starts servers

        assertEquals(List.of("interrupted"), ran.lines());
        assertEquals(List.of(), List.of(folder.toFile().list()));
        leaks.check(SOON);
    }

    @Test
    void shouldStartWhereTheNameOfAFolderHasASpace(@TempDir Path folder) throws Exception {
        Ran ran = ran(java(Files.createDirectory(folder.resolve("a b")), Spacious.class));

        assertEquals(List.of("from ssh", "from a context"), ran.lines());
    }

    private static List<String> java(Path temporary, Class<?> program) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }

    @Test
    void shouldSayWhatTheServerSaidWhenItDoesNotStart() {
        LeakCheck leaks = LeakCheck.startAll();

        Throwable e = assertThrows(IllegalStateException.class, () -> LocalSshd.start("NoSuchOption yes"));

        assertTrue(e.getMessage().contains("NoSuchOption"), e::getMessage);
        File config = new File(e.getMessage().replaceAll("(?s).*?(/\\S+/sshd_config).*", "$1"));
        assertFalse(config.getParentFile().exists(), config::toString);
        leaks.check(SOON);
    }

    @Test
    void shouldSeeWhatSessionsLeaveWhereverItWent(LocalSshd sshd) throws Exception {
        LeakCheck leaks = sshd.leakCheck();
        Ran ran = ran(sshd.sshCommand("setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!"));
        long orphan = Long.parseLong(ran.lines().get(0));

        Eventually.until(
                SOON, "only the orphan is left", () -> leaks.leftovers().size() == 1);
        String left = leaks.leftovers().iterator().next();
        assertTrue(left.startsWith("process " + orphan + " "), left);

        ProcessHandle.of(orphan).orElseThrow().destroyForcibly();
        leaks.check(SOON);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndEverythingAndDeleteEverythingWhenClosed(boolean interrupted) throws Exception {
        LeakCheck leaks = LeakCheck.startAll();
        LocalSshd sshd = LocalSshd.start();
        LeakCheck sessions = sshd.leakCheck();
        Process client = new ProcessBuilder(
                        sshd.sshCommand("trap '' HUP TERM; setsid sleep 1000 & echo up; sleep 1001"))
                .start();
        assertEquals('u', client.getInputStream().read());
        assertFalse(sessions.leftovers().isEmpty());

        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        sshd.close();
        sshd.close();

        assertEquals(interrupted, Thread.interrupted());
        assertEquals(List.of(), List.copyOf(sessions.leftovers()));
        assertFalse(sshd.folder().toFile().exists(), sshd.folder()::toString);
        assertThrows(ConnectException.class, () -> new Socket(sshd.host(), sshd.port()).close());
        client.destroy();
        client.waitFor();
        client.getErrorStream().close();
        client.getInputStream().close();
        client.getOutputStream().close();
        leaks.check(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL %d", "TERM -%d", "INT -%d"})
    void shouldEndWithTheJvmThatStartedIt(String signal) throws Exception {
        Process jvm = new ProcessBuilder(
                        "env",
                        "--default-signal=INT", // which those ignore that a script started in the background
                        "setsid", // in a group of its own, as a shell starts a program
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName())
                .start();
        long server = Long.parseLong(jvm.inputReader().readLine());
        File folder = new File(jvm.inputReader().readLine());
        assertTrue(folder.exists());

        Tool.run(List.of("/bin/sh", "-c", "kill -" + String.format(signal, jvm.pid())));

        ProcessLeakCheck.of(Set.of(server)).check(SOON);
        Eventually.until(SOON, "the folder is deleted", () -> !folder.exists());
    }

    private static List<String> withIdentity(LocalSshd sshd, Path identity) {
        List<String> words = new ArrayList<>(sshd.sshCommand("true"));
        words.replaceAll(word -> word.equals(sshd.identity().toString()) ? identity.toString() : word);
        assertNotEquals(sshd.sshCommand("true"), words);
        return words;
    }

    private static Ran ran(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes());
        return new Ran(process.waitFor(), text);
    }

    /** How a command ended. */
    private record Ran(int status, String text) {
        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** Tests that are run by a test. */
    @RequiresSshd
    static final class Sample {
        static final List<LocalSshd> SEEN = new ArrayList<>();

        @Test
        void first(LocalSshd sshd) {
            SEEN.add(sshd);
        }

        @Test
        void second(LocalSshd sshd) {
            SEEN.add(sshd);
            assertTrue(sshd.folder().toFile().exists());
        }
    }

    /** Starts a server, prints its process and folder, and waits to be killed. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) throws Exception {
            LocalSshd sshd = LocalSshd.start();
            Files.writeString(Path.of("/dev/stdout"), sshd.pid() + "\n" + sshd.folder() + "\n");
            synchronized (sshd) {
                sshd.wait();
            }
        }
    }

    /** Uses a server in both ways. */
    static final class Spacious {
        private Spacious() {}

        public static void main(String[] args) throws Exception {
            try (LocalSshd sshd = LocalSshd.start()) {
                System.out.print(ran(sshd.sshCommand("echo from ssh")).text());
                System.out.println(Mitogen.<String>compute(
                        router -> router.connect(sshd.ssh()).call(() -> "from a context")));
            }
        }
    }

    /** Starts a server while it is interrupted. */
    static final class Interrupted {
        private Interrupted() {}

        public static void main(String[] args) {
            Thread.currentThread().interrupt();
            try {
                LocalSshd.start().close(); // where nothing on the way happened to ask for interrupts
            } catch (UncheckedIOException e) {
                if (!e.getCause().getMessage().startsWith("interrupted while ")) {
                    throw e;
                }
            }
            System.out.println(Thread.interrupted() ? "interrupted" : "the interrupt is lost");
        }
    }
}
