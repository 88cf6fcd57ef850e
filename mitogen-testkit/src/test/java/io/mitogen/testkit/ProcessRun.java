// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, within a limit of time that only a hang exceeds. */
public final class ProcessRun {
    private static final long LIMIT_S = 120;

    private ProcessRun() {}

    /**
     * Returns the exit status. When the program does not end, it is killed with all that it started.
     *
     * @param builder lets it print into files: a pipe might be held open by what it leaves behind
     */
    public static int toEnd(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError(builder.command() + " did not end in " + LIMIT_S + " s; it said "
                        + text(builder.redirectOutput()) + text(builder.redirectError()));
            }
            return process.exitValue();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static String text(Redirect to) throws IOException {
        File file = to.file();
        return file == null || !file.isFile() ? "" : Files.readString(file.toPath(), StandardCharsets.UTF_8);
    }
}
