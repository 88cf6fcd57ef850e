// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Turns everything that a child prints into log records. */
public final class StdioCapture {
    private final IoLogger out;
    private final IoLogger err;

    private StdioCapture(LogSink sink) {
        this.out = new IoLogger("stdout", sink);
        this.err = new IoLogger("stderr", sink);
    }

    /**
     * Replaces {@code System.out} and {@code System.err} for good, and begins to read {@code inherited}, where the standard
     * output of this process's own children arrives.
     */
    public static StdioCapture install(LogSink sink, InputStream inherited) {
        StdioCapture capture = new StdioCapture(sink);
        System.setOut(new PrintStream(capture.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(capture.err, true, StandardCharsets.UTF_8));
        IoLogger lines = new IoLogger("stdout", sink);
        Threads.daemon("stdout", new Runnable() {
                    @Override
                    public void run() {
                        copy(inherited, lines);
                    }
                })
                .start();
        return capture;
    }

    private static void copy(InputStream in, IoLogger lines) {
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                lines.write(buffer, 0, count);
            }
        } catch (IOException expected) {
            // the process ends: nothing writes any more
        }
        lines.close();
    }

    /** Logs last lines that have no end. */
    public void flush() {
        out.close();
        err.close();
    }
}
