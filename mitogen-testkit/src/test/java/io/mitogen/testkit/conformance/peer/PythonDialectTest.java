// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.conformance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Python 2 has other names for the same things, and fails on texts that it cannot print. */
@Timeout(60)
final class PythonDialectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private String interpreter(String... lines) throws IOException {
        Path script = Files.createFile(
                folder.resolve("python"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return script.toString();
    }

    private static boolean isGone(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> new ProcessTree(process).awaitEnd(1))
                .orElse(true);
    }

    @Test
    void shouldCallThingsByTheirNamesInPython2() {
        PythonDialect dialect = new PythonDialect(2);
        assertEquals("__builtin__", dialect.fail("word").module());
        assertEquals("__builtin__", dialect.print().module());
        assertEquals("exceptions.ValueError: ", dialect.failureStart());
        assertTrue(dialect.oddWord().chars().allMatch(c -> c < 0x80), dialect.oddWord());
    }

    @Test
    void shouldAskTheInterpreterForItsVersion() throws IOException {
        assertEquals(2, PythonPackage.major(interpreter("echo 2"), PATIENCE));
    }

    @Test
    void shouldEndAnInterpreterThatHangsWithWhatItStarted() throws IOException {
        Path pid = folder.resolve("pid");
        String interpreter = interpreter("sleep 600 &", "echo $! >" + pid + ".new; mv " + pid + ".new " + pid, "wait");
        assertThrows(IOException.class, () -> PythonPackage.major(interpreter, Duration.ofSeconds(3)));
        String started = Files.exists(pid) ? Files.readString(pid).strip() : ""; // not that far on a busy machine
        Eventually.until(PATIENCE, () -> started.isEmpty() || isGone(Long.parseLong(started)));
    }
}
