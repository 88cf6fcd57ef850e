// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.concurrent.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What a program of this machine printed when it was asked for something like its version. Immutable; for the library's own modules.
 *
 * @param exitStatus what the program exited with
 * @param text the output, cut at the limit
 */
public record ProgramAnswer(int exitStatus, String text) {
    private static final long POLL_MS = 10;

    /**
     * Runs a program without input until it ends; then ends what it has started. Waits for nobody else who may still hold its output.
     * On a thread that may wait.
     *
     * @param maxBytes the most that is kept of the output; what is more is read, too, so that it keeps nothing from ending
     * @throws IOException if the program cannot be started, or has not ended by the deadline
     */
    public static ProgramAnswer of(ProcessBuilder program, Deadline deadline, int maxBytes)
            throws IOException, InterruptedException {
        Process process = JdkThreads.start(program);
        try {
            process.getOutputStream().close();
            InputStream in = process.getInputStream();
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            boolean isOver = false;
            while (!isOver) {
                isOver = process.waitFor(POLL_MS, TimeUnit.MILLISECONDS); // asked before the last bytes are read
                if (!isOver && deadline.isOver()) {
                    throw new IOException("it did not answer in time");
                }
                byte[] read = in.readNBytes(in.available());
                output.write(read, 0, Math.min(read.length, maxBytes - output.size()));
            }
            return new ProgramAnswer(process.exitValue(), output.toString(StandardCharsets.UTF_8));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
