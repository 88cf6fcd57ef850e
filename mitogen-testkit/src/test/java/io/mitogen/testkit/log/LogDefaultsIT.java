// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.testkit.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a program sees what its contexts print and log, by what it has configured. */
@Timeout(300)
final class LogDefaultsIT {
    private static final String UNCAUGHT =
            "Exception in thread \"worker-1\": java.lang.IllegalStateException: nobody catches this";

    @TempDir
    private Path folder;

    private Path out;
    private Path err;
    private final List<String> jvmOptions = new ArrayList<>();
    private String extraClassPath = "";
    private String level = "";
    private String redirection = "";

    @BeforeEach
    void name() {
        out = folder.resolve("out");
        err = folder.resolve("err");
    }

    private void run(Class<?> program, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "exec \"$@\" " + redirection,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path") + extraClassPath));
        command.addAll(jvmOptions);
        command.add(program.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("MITOGEN_LOG_LEVEL");
        if (!level.isEmpty()) {
            builder.environment().put("MITOGEN_LOG_LEVEL", level);
        }
        int status = ProcessRun.toEnd(builder.redirectOutput(out.toFile()).redirectError(err.toFile()));
        assertEquals(0, status, said());
    }

    private String said() throws IOException {
        return Files.readString(out) + Files.readString(err);
    }

    /** Asserts that {@code file} has exactly these lines, beside those of stack traces and of the program itself. */
    private void assertLines(Path file, String... lines) throws IOException {
        List<String> found = Files.readAllLines(file).stream()
                .filter(line -> !line.matches("\\s.*|done"))
                .map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ", "TIME "))
                .sorted()
                .toList();
        assertEquals(List.of(lines).stream().sorted().toList(), found, said());
    }

    private void assertIsOnStderr() throws IOException {
        assertLines(
                err,
                "TIME INFO    mitogen.ctx.web1 stdout: hello",
                "TIME INFO    mitogen.ctx.web1 stderr: oops",
                "TIME WARNING mitogen.ctx.web1 com.acme.App: structured",
                "TIME ERROR   mitogen.ctx.web1 mitogen: " + UNCAUGHT);
        assertLines(out);
    }

    private void assertIsAtHandler() throws IOException {
        assertLines(
                out,
                "HANDLER INFO mitogen.ctx.web1 stdout: hello",
                "HANDLER INFO mitogen.ctx.web1 stderr: oops",
                "HANDLER WARNING mitogen.ctx.web1 com.acme.App: structured",
                "HANDLER SEVERE mitogen.ctx.web1 mitogen: " + UNCAUGHT);
    }

    // == Nothing is configured ==

    @Test
    void shouldPrintContextsOnStderrWhenNothingIsConfigured() throws Exception {
        run(ConfiguredProgram.class);

        assertIsOnStderr();
    }

    @Test
    void shouldObeyTheVariableWhenNothingElseIsConfigured() throws Exception {
        level = "WARNING";
        run(ConfiguredProgram.class);

        assertLines(
                err,
                "TIME WARNING mitogen.ctx.web1 com.acme.App: structured",
                "TIME ERROR   mitogen.ctx.web1 mitogen: " + UNCAUGHT);
    }

    @Test
    void shouldShowDetailsWhenTheVariableAsksForThem() throws Exception {
        level = "IO";
        run(ConfiguredProgram.class);

        List<String> lines = Files.readAllLines(err);
        assertEquals(1, count(lines, " DEBUG   mitogen.ctx.web1 com.acme.App: detail"), said());
        assertEquals(1, count(lines, " INFO    mitogen.ctx.web1 stdout: hello"), said());
        assertEquals(1, count(lines, "web1  >>  dst 1  src 0  CALL_FUNCTION"), said());
    }

    private static long count(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).count();
    }

    @Test
    void shouldBeQuieterWhenOnlyALevelWasChosen() throws Exception {
        run(ConfiguredProgram.class, "root-at-warning");

        assertLines(
                err,
                "TIME WARNING mitogen.ctx.web1 com.acme.App: structured",
                "TIME ERROR   mitogen.ctx.web1 mitogen: " + UNCAUGHT);
    }

    @Test
    void shouldShowWhatTheConsoleHandlerWouldWhenTheRootTakesAll() throws Exception {
        run(ConfiguredProgram.class, "root-at-all");

        assertIsOnStderr();
    }

    @Test
    void shouldRunWithoutStandardError() throws Exception {
        redirection = "2>&-";
        run(ConfiguredProgram.class);

        assertLines(err);
        assertEquals("done\n", Files.readString(out));
    }

    @Test
    void shouldPrintLastWordsOfContextsThatAShutdownHookEnds() throws Exception {
        run(ConfiguredProgram.class, "hook");

        assertLines(err, "TIME INFO    mitogen.ctx.web1 stdout: last words");
    }

    @Test
    void shouldPrintForEveryMasterOfOneProgram() throws Exception {
        run(TwoMasters.class);

        assertLines(
                err,
                "TIME INFO    mitogen.ctx.one stdout: hello from one",
                "TIME INFO    mitogen.ctx.two stdout: hello from two",
                "TIME INFO    mitogen.ctx.three stdout: hello from three");
    }

    // == The program has logging of its own ==

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-console,handler-at-root",
                "handler-at-mitogen,not-to-parents",
                "no-console,handler-at-mitogen"
            })
    void shouldLogToHandlersAloneWhenTheProgramAddedThem(String setup) throws Exception {
        run(ConfiguredProgram.class, setup.split(","));

        assertIsAtHandler();
        assertLines(err);
    }

    @Test
    void shouldLogToTheHandlersOfAConfigurationFile() throws Exception {
        Path file = folder.resolve("logging.properties");
        Files.writeString(file, "handlers=" + ConfiguredProgram.Printing.class.getName() + "\n.level=INFO\n");
        jvmOptions.add("-Djava.util.logging.config.file=" + file);
        run(ConfiguredProgram.class);

        assertIsAtHandler();
        assertLines(err);
    }

    @Test
    void shouldShowTheContextInTheFormatThatTheDocumentationGives() throws Exception {
        Path file = folder.resolve("logging.properties");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "handlers=java.util.logging.ConsoleHandler",
                        "java.util.logging.SimpleFormatter.format=%1$tT %4$s %3$s %2$s: %5$s%6$s%n",
                        "mitogen.level=WARNING"));
        jvmOptions.addAll(List.of("-Djava.util.logging.config.file=" + file, "-Duser.language=en"));
        run(ConfiguredProgram.class);

        List<String> lines = Files.readAllLines(err);
        assertEquals(1, count(lines, " WARNING mitogen.ctx.web1 com.acme.App: structured"), said());
        assertEquals(0, count(lines, "hello"), said());
    }

    @Test
    void shouldLogToTheHandlersOfAConfigurationClass() throws Exception {
        jvmOptions.add("-Djava.util.logging.config.class=" + ConfiguredProgram.Config.class.getName());
        run(ConfiguredProgram.class);

        assertIsAtHandler();
        assertLines(err);
    }

    @Test
    void shouldSayNothingWhenTheProgramTookAllHandlersAway() throws Exception {
        run(ConfiguredProgram.class, "reset");

        assertLines(err);
        assertLines(out);
    }

    @Test
    void shouldLogToTheLoggersOfAFinder() throws Exception {
        Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
        Files.writeString(services.resolve("java.lang.System$LoggerFinder"), ConfiguredProgram.Finder.class.getName());
        extraClassPath = File.pathSeparator + folder.resolve("classes");
        run(ConfiguredProgram.class);

        assertLines(
                out,
                "FINDER INFO mitogen.ctx.web1 stdout: hello",
                "FINDER INFO mitogen.ctx.web1 stderr: oops",
                "FINDER WARNING mitogen.ctx.web1 com.acme.App: structured",
                "FINDER ERROR mitogen.ctx.web1 mitogen: " + UNCAUGHT);
        assertLines(err);
    }

    // == Another manager of java.util.logging ==

    @Test
    void shouldLogToAnotherManager() throws Exception {
        jvmOptions.add("-Djava.util.logging.manager=" + ConfiguredProgram.Manager.class.getName());
        run(ConfiguredProgram.class);

        assertLines(
                out,
                "FOREIGN INFO mitogen.ctx.web1 stdout: hello",
                "FOREIGN INFO mitogen.ctx.web1 stderr: oops",
                "FOREIGN WARNING mitogen.ctx.web1 com.acme.App: structured",
                "FOREIGN SEVERE mitogen.ctx.web1 mitogen: " + UNCAUGHT);
        assertLines(err);
    }

    @Test
    void shouldLogToStderrUnderAnotherManagerWhenTheProgramAsksForIt() throws Exception {
        jvmOptions.add("-Djava.util.logging.manager=" + ConfiguredProgram.Manager.class.getName());
        run(ConfiguredProgram.class, "stderr");

        assertIsOnStderr();
    }

    // == logToStderr ==

    @Test
    void shouldLogToStderrAndToHandlersOfItsOwnLoggersOnlyWhenAsked() throws Exception {
        run(ConfiguredProgram.class, "handler-at-mitogen", "stderr");

        assertIsAtHandler();
        assertEquals(1, count(Files.readAllLines(err), "hello"), said());

        run(ConfiguredProgram.class, "handler-at-root", "stderr");

        assertIsOnStderr();
    }

    @Test
    void shouldPrintOnceAndKeepNoClassesWhenAnApplicationIsRedeployed() throws Exception {
        run(Redeployment.class);

        assertLines(err, "TIME WARNING mitogen.broker: first", "TIME WARNING mitogen.broker: second");
        assertEquals("first deployment is gone\n0 handlers are left\ndone\n", Files.readString(out));
    }
}
