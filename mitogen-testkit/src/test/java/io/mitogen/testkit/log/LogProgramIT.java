// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.testkit.ProcessRun;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** What a whole program prints, by its settings. */
@Timeout(300)
final class LogProgramIT {
    private static final String TIME = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ";

    @TempDir
    private Path folder;

    private Path out;
    private Path err;

    @BeforeEach
    void name() {
        out = folder.resolve("out");
        err = folder.resolve("err");
    }

    /** Runs the program with {@code MITOGEN_LOG_LEVEL} at {@code level}, if that is not empty, and returns its exit status. */
    private int run(String level, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LogProgram.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("MITOGEN_LOG_LEVEL");
        if (!level.isEmpty()) {
            builder.environment().put("MITOGEN_LOG_LEVEL", level);
        }
        return ProcessRun.toEnd(builder.redirectOutput(out.toFile()).redirectError(err.toFile()));
    }

    private String said() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertHasLine(List<String> lines, String pattern) {
        assertTrue(lines.stream().anyMatch(line -> line.matches(pattern)), pattern + " is not in " + lines);
    }

    private static void assertHasNoLine(List<String> lines, String pattern) {
        assertFalse(lines.stream().anyMatch(line -> line.matches(pattern)), pattern + " is in " + lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unconfigured", "stderr"})
    void shouldPrintOneLineForEachRecordThatNobodyCanForge(String setup) throws Exception {
        assertEquals(0, run("", setup), this::said);

        List<String> lines = Files.readAllLines(err);
        assertHasLine(lines, TIME + "INFO    mitogen\\.ctx\\.web1 stdout: hello");
        assertHasLine(lines, TIME + "INFO    mitogen\\.ctx\\.web1 stderr: from the shell");
        assertHasLine(lines, TIME + "INFO    mitogen\\.ctx\\.web1 com\\.acme\\.App: two lines");
        assertHasLine(lines, "    12:00:00\\.000 ERROR   mitogen forged by a line");
        assertHasLine(lines, TIME + "INFO    mitogen\\.ctx\\.web1 stdout: \\\\u001b\\[2J\\\\u000d12:00.*");
        assertHasNoLine(lines, TIME + "ERROR .*");
        assertHasNoLine(lines, ".*detail.*");
        assertEquals("done\n", Files.readString(out));
    }

    @Test
    void shouldAppendToAFile() throws Exception {
        Path file = folder.resolve("log");
        Files.writeString(file, "before\n");
        assertEquals(0, run("DEBUG", "file", file.toString()), this::said);

        List<String> lines = Files.readAllLines(file);
        assertEquals("before", lines.get(0));
        assertHasLine(lines, TIME + "DEBUG   mitogen\\.ctx\\.web1 com\\.acme\\.App: detail");
        assertEquals("", Files.readString(err));
    }

    @Test
    void shouldPrintTheWireAtLevelIo() throws Exception {
        assertEquals(0, run("IO", "stderr"), this::said);

        List<String> lines = Files.readAllLines(err);
        String io = TIME + "IO      mitogen\\.io: web1 ";
        assertHasLine(lines, io + " >>  dst \\d+  src 0  CALL_FUNCTION  reply \\d+  \\d+ B");
        assertHasLine(lines, io + " <<  dst 0  src \\d+  GET_MODULE  reply -  \\d+ B");
        assertHasLine(lines, io + " >>  dst \\d+  src 0  LOAD_MODULE  reply -  \\d+ B");
        assertHasLine(lines, io + " <<  dst 0  src \\d+  FORWARD_LOG  reply -  \\d+ B");
        assertHasLine(lines, io + " <<  dst 0  src \\d+  #\\d+  reply -  \\d+ B");
        assertHasLine(lines, TIME + "DEBUG   mitogen\\.ctx\\.web1 com\\.acme\\.App: detail");
    }

    @Test
    void shouldPrintNoStdioAtLevelWarning() throws Exception {
        assertEquals(0, run("warning", "stderr"), this::said);

        assertEquals("", Files.readString(err));
    }

    @Test
    void shouldRefuseALevelThatIsNone() throws Exception {
        File file = folder.resolve("untouched").toFile();
        assertEquals(1, run("LOUD", "file", file.toString()));

        String said = Files.readString(err);
        assertTrue(said.contains("MITOGEN_LOG_LEVEL is LOUD, must be IO, DEBUG, INFO, WARNING or ERROR"), () -> said);
        assertFalse(file.exists());
    }
}
