// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.Context;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ConnectException.Reason;
import io.mitogen.python.MitogenPackage;
import io.mitogen.python.PythonOptions;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Python contexts begin, and what is said and left when they do not. */
@Timeout(60)
final class PythonConnectIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private LeakCheck processes;
    private LeakCheck files;
    private LeakCheck descriptors;
    private Broker broker;
    private MasterRouter router;

    @BeforeEach
    void start() {
        processes = ProcessLeakCheck.start();
        files = TempFileLeakCheck.start();
        descriptors = DescriptorLeakCheck.start();
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    @AfterEach
    void shouldLeaveNothing() {
        router.close();
        broker.close();
        processes.check(SOON);
        files.check(SOON);
        descriptors.check(SOON);
    }

    /** Returns a program that runs these lines of a shell; the first stage's words are {@code -c PROGRAM ...}. */
    private String program(String... lines) throws IOException {
        Path script = Files.createTempFile(
                folder,
                "python",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return script.toString();
    }

    /** Returns an interpreter that says it has another version. */
    private String version(String tuple) throws IOException {
        return program(
                "program=$2",
                "shift 2",
                "exec python3 -c \"import sys; sys.version_info = " + tuple + "",
                "$program\" \"$@\"");
    }

    /** Gives the master a package of 0.3.3, whichever is installed; no interpreter that is refused reads its core. */
    private void haveMitogen033() throws IOException {
        Files.writeString(folder.resolve("__init__.py"), "__version__ = (0, 3, 3)\n");
        Files.writeString(folder.resolve("core.py"), "pass\n");
        router.close();
        router = new MasterRouter(
                broker, RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder)));
    }

    private ConnectException failure(Local method) {
        return assertThrows(ConnectException.class, () -> router.connect(method));
    }

    private ConnectException assertFails(Local method, Reason reason, String... parts) {
        ConnectException e = failure(method);
        assertEquals(reason, e.reason(), e::getMessage);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> e.getMessage() + "\ndoes not contain " + part);
        }
        return e;
    }

    // == What works ==

    @Test
    void shouldStartTheInterpreterThatIsThere() {
        Context python = router.connect(Local.create().python());

        assertEquals("os", python.call("os", "getpid") instanceof Integer ? "os" : "");
        assertTrue(python.path().endsWith(" -> Local (Python)"), python::path);
        assertEquals("local." + python.call("os", "getpid"), python.name());
    }

    /** Mitogen's own numbers for the link begin at 100. */
    @ParameterizedTest
    @ValueSource(ints = {32, 100})
    void shouldStartWithFewDescriptors(int most) throws IOException {
        Context python = router.connect(Local.create().python(program("ulimit -n " + most, "exec python3 \"$@\"")));

        assertTrue(python.call("os", "getpid") instanceof Integer);
    }

    @Test
    void shouldStartTheInterpreterThatIsNamed() {
        Context python =
                router.connect(Local.create().python("/usr/bin/python3").name("snake"));

        assertEquals("snake", python.name());
        assertEquals(
                "/usr/bin/python3",
                python.call("os", "readlink", "/proc/self/exe").toString().replaceAll("\\.\\d+$", ""));
    }

    @Test
    void shouldShowInTheProcessListWhoStartedIt() throws IOException {
        Context python = router.connect(Local.create().python().name("snake"));

        String line = Files.readString(Path.of("/proc/" + python.call("os", "getpid") + "/cmdline"));
        assertTrue(line.contains("(mitogen:snake)"), line);
    }

    @Test
    void shouldStartThroughAJvm() {
        Context jvm = router.local();
        Context below = router.connect(Local.create().python().via(jvm));
        Context lowest =
                router.connect(Local.create().python("/usr/bin/python3").via(below));

        long parent = jvm.call(() -> ProcessHandle.current().pid());
        assertEquals(parent, ((Number) below.call("os", "getppid")).longValue());
        assertEquals(below.call("os", "getpid"), lowest.call("os", "getppid"));
        assertTrue(lowest.path().matches(".* -> Local -> Local \\(Python\\) -> Local \\(Python\\)"), lowest::path);
    }

    @Test
    void shouldStartAJvmThroughPython() {
        Context python = router.connect(Local.create().python());
        Context jvm = router.connect(Local.create().name("java").via(python));
        Context lowest = router.connect(Local.create().via(jvm));
        Context snake = router.connect(Local.create().python().via(lowest));

        assertEquals(python.call("os", "getpid"), (int) jvm.call(PythonConnectIT::parentPid));
        assertEquals("abab", lowest.call(PythonConnectIT::twice, "ab"));
        assertEquals((int) lowest.call(PythonConnectIT::pid), snake.call("os", "getppid"));
        assertEquals(python.name() + ".java", jvm.name());
        assertTrue(snake.path().endsWith(" -> Local (Python) -> Local java -> Local -> Local (Python)"), snake::path);
    }

    private static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    private static int parentPid() {
        return (int) ProcessHandle.current().parent().orElseThrow().pid();
    }

    private static String twice(String text) {
        return new Shipped(text).twice();
    }

    /** A class that the context is sent, when another class that it was sent needs it. */
    private record Shipped(String text) {
        String twice() {
            return text + text;
        }
    }

    @Test
    void shouldStartThroughAGuest() {
        Context guest = router.connect(InProcess.create());

        assertEquals(1_764, router.connect(Local.create().python().via(guest)).call("operator", "mul", 42, 42));
    }

    @Test
    void shouldStartMany() {
        Local python = Local.create().python();

        assertEquals(
                12,
                java.util.stream.IntStream.range(0, 12).mapToObj(i -> router.connectAsync(python)).toList().stream()
                        .map(context -> context.join().call("os", "getpid"))
                        .distinct()
                        .count());
    }

    // == What does not ==

    @Test
    void shouldSayWhereItLookedForPython() {
        assertFails(Local.create().python("/nowhere/python9"), Reason.NO_PYTHON, "/nowhere/python9", "PATH=");
    }

    @Test
    void shouldSayThatPythonIsTooOld() throws IOException {
        haveMitogen033();
        assertFails(
                Local.create().python(version("(2, 6, 9)")),
                Reason.PYTHON_UNSUITABLE,
                "found Python 2.6.9 in ",
                "Mitogen 0.3.3 for Python",
                "2.7 and 3.6 to 3.11");
    }

    @Test
    void shouldSayThatPythonIsTooNew() throws IOException {
        haveMitogen033();
        assertFails(
                Local.create().python(version("(3, 13, 1)")),
                Reason.PYTHON_UNSUITABLE,
                "found Python 3.13.1 in ",
                "3.6 to 3.11");
    }

    @Test
    void shouldSayThatWhatWasNamedIsNoPython() throws IOException {
        ConnectException e =
                assertFails(Local.create().python(program("echo 'no snake'; exit 3")), Reason.EXITED, "exit status 3");

        assertTrue(e.lastLines().contains("no snake"), e::getMessage);
    }

    @Test
    void shouldGiveUpWhenTheInterpreterHangs() throws IOException {
        assertFails(
                Local.create().python(program("exec sleep 60")).connectTimeout(Duration.ofSeconds(1)),
                Reason.TIMEOUT,
                "1000 ms");
    }

    @Test
    void shouldSayWhereItLookedForMitogen() {
        try (MasterRouter lacking = new MasterRouter(
                broker, RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder)))) {
            ConnectException e = assertThrows(
                    ConnectException.class, () -> lacking.connect(Local.create().python()));

            assertEquals(Reason.NO_PYTHON_MITOGEN, e.reason(), e::getMessage);
            assertTrue(e.getMessage().contains(folder.toString()), e::getMessage);
            assertTrue(e.getMessage().contains("python3-mitogen"), e::getMessage);

            Context jvm = lacking.local();
            ConnectException below = assertThrows(
                    ConnectException.class,
                    () -> lacking.connect(Local.create().python().via(jvm)));

            assertEquals(Reason.NO_PYTHON_MITOGEN, below.reason(), below::getMessage);
        }
    }

    @Test
    void shouldShowWhatPythonSaysWhenMitogenCannotRunOnIt() throws IOException {
        Files.writeString(folder.resolve("__init__.py"), "__version__ = (0, 3, 99)\n");
        Files.writeString(folder.resolve("core.py"), "import no_such_module\n");
        assertEquals("(0, 3, 99)", MitogenPackage.at(folder).version());
        try (MasterRouter broken = new MasterRouter(
                broker, RouterOptions.DEFAULT.withPython(PythonOptions.DEFAULT.withMitogenPackage(folder)))) {
            ConnectException e = assertThrows(
                    ConnectException.class, () -> broken.connect(Local.create().python()));

            assertEquals(Reason.EXITED, e.reason(), e::getMessage);
            assertTrue(e.getMessage().contains("No module named 'no_such_module'"), e::getMessage);
        }
    }

    @Test
    void shouldSayWhyAPythonContextStartsNoJvm() {
        Context python = router.connect(Local.create().python());

        assertFails(Local.create().java("/nowhere/java").via(python), Reason.NO_JAVA, "/nowhere/java", python.name());
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> router.connect(InProcess.create().via(python)));
        assertTrue(e.getMessage().contains("Python Mitogen has no such method"), e::getMessage);
    }

    @Test
    void shouldSayTheSameThroughAPythonContext() {
        Context python = router.connect(Local.create().python());

        assertFails(
                Local.create().python("/nowhere/python9").via(python),
                Reason.START_REFUSED,
                "/nowhere/python9",
                python.name());
        assertEquals(3, python.call("operator", "add", 1, 2));
    }

    @Test
    void shouldRefuseWhatOnlyJvmsHave() {
        assertThrows(
                IllegalArgumentException.class, () -> Local.create().python().jvmOptions("-Xmx64m"));
        assertThrows(
                IllegalArgumentException.class,
                () -> Local.create().java("java").python());
    }
}
