// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.pythonmaster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.TempFileLeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An unmodified Python Mitogen master with JVM children, started by our module and, but for what only that can do, by a command
 * in the place of the interpreter. The cases are in {@code src/test/python/jvm_children.py}.
 */
@Timeout(180)
@RequiresPythonMitogen
final class PythonMasterIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path SCRIPT = Path.of("src/test/python/jvm_children.py");

    @TempDir
    Path folder;

    private LeakCheck files;

    @BeforeEach
    void watch() {
        files = TempFileLeakCheck.start();
    }

    @AfterEach
    void shouldLeaveNothing() throws InterruptedException {
        files.check(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldKeepValuesAsTheyAreOnTheWayThereAndBack(String how) throws Exception {
        run("values", how);
    }

    @Test
    void shouldShowJavaTheTypesThatPythonSent() throws Exception {
        run("types", "module");
    }

    @Test
    void shouldChooseOverloadsByValuesAndByDescriptor() throws Exception {
        run("overloads", "module");
    }

    @Test
    void shouldTellFailuresWithTheirStacks() throws Exception {
        run("errors", "module");
    }

    @Test
    void shouldTellThatAResultIsTooLargeAndGoOn() throws Exception {
        run("too_large", "module");
    }

    @Test
    void shouldFailAChainWithItsFirstErrorUntilItIsForgotten() throws Exception {
        run("chain", "module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldSendHomeWhatIsPrintedAndLogged(String how) throws Exception {
        run("logs", how);
    }

    @Test
    void shouldLogFromTheLevelThatTheMasterWants() throws Exception {
        run("log_level", "module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain", "pipes"})
    void shouldKeepTheStreamsOfItsProcessesOutOfTheLink(String how) throws Exception {
        run("stray_output", how);
    }

    @Test
    void shouldKeepTheUmaskAndTheOptionsForJvmsOfItsUser() throws Exception {
        run("surroundings", "module");
    }

    @Test
    void shouldNotWaitForItselfWhenItsJvmLogs() throws Exception {
        run("jvm_logs", "module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain", "pipes"})
    void shouldAnswerWhenTheThreadIsInterrupted(String how) throws Exception {
        run("interrupts", how);
    }

    @Test
    void shouldNotWaitForResourcesThatNobodyHas() throws Exception {
        run("resources", "module");
    }

    @Test
    void shouldExchangeMessagesWithAPythonSibling() throws Exception {
        run("siblings", "module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldHaveJvmChildrenOfItsOwn(String how) throws Exception {
        run("trees", how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldTellPythonContextsBelowItTheImportPolicyOfTheMaster(String how) throws Exception {
        run("import_policy", how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldCallAndBeAParentWhereNoMessageMayHaveAClass(String how) throws Exception {
        run("small_messages", how);
    }

    @Test
    void shouldBeStartedByAPythonChild() throws Exception {
        run("java_grandchild_of_python", "module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldStartManyAtOnce(String how) throws Exception {
        run("many", how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain", "pipes"})
    void shouldEndWhenItIsShutDownThoughAFunctionHangs(String how) throws Exception {
        run("shutdown", how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain"})
    void shouldFailWhoWaitsWhenItIsKilledAndReportTheStatus(String how) throws Exception {
        run("kill", how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"module", "plain", "pipes"})
    void shouldEndWithAllBelowWhenTheMasterIsKilled(String how) throws Exception {
        try (PythonProgram master = start("hold", how)) {
            String line = master.line();
            assertTrue(line.startsWith("pids "), line);
            master.kill();
            master.checkNothingLeft();
        }
    }

    @Test
    void shouldSayWhyAJvmCannotBeStarted() throws Exception {
        run("bad_starts", "module");
    }

    private void run(String name, String how) throws Exception {
        try (PythonProgram master = start(name, how)) {
            String text = master.finish();
            assertTrue(text.endsWith("passed"), text);
        }
    }

    private PythonProgram start(String name, String how) throws IOException {
        String old = fakeJava(
                "old",
                "echo 'Error: LinkageError: java.lang.UnsupportedClassVersionError: io/mitogen/foreign/ChildOfPython has been compiled"
                        + " by a more recent version of the Java Runtime (class file version 61.0)' >&2; exit 1");
        Map<String, String> environment = Map.of("OLD_JAVA", old, "MUTE_JAVA", fakeJava("mute", "exec sleep 60"));
        String script = SCRIPT.toAbsolutePath().toString();
        return PythonProgram.start(folder, environment, List.of(script, name, how, PythonProgram.classPath()));
    }

    private String fakeJava(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"))
                .toString();
    }
}
