// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Threads;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Turns everything that a child prints into log records. */
public final class StdioCapture {
    /** How long the end waits for what is still on its way through descriptor 1, in milliseconds. */
    private static final long LAST_WORDS_MS = 500;

    private final IoLogger out;
    private final IoLogger err;
    private final InputStream inherited;
    private final Thread reader;

    private StdioCapture(LogSink sink, InputStream inherited) {
        this.out = new IoLogger("stdout", sink);
        this.err = new IoLogger("stderr", sink);
        this.inherited = inherited;
        IoLogger lines = new IoLogger("stdout", sink);
        this.reader = Threads.deafDaemon("stdout", new Runnable() {
            @Override
            public void run() {
                copy(inherited, lines);
            }
        });
    }

    /**
     * Replaces {@code System.out} and {@code System.err} for good, and begins to read {@code inherited}, where the standard
     * output of this process's own children, and of the JVM itself, arrives.
     *
     * @param inherited its close must end a read that is under way
     */
    public static StdioCapture install(LogSink sink, InputStream inherited) {
        StdioCapture capture = new StdioCapture(sink, inherited);
        System.setOut(new PrintStream(capture.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(capture.err, true, StandardCharsets.UTF_8));
        capture.reader.start();
        return capture;
    }

    static void copy(InputStream in, IoLogger lines) {
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                try {
                    lines.write(buffer, 0, count);
                } catch (OutOfMemoryError expected) {
                    // the lines are lost, but whoever prints must not wait for a reader for ever
                }
            }
        } catch (IOException expected) {
            // the process ends: nothing writes any more
        }
        lines.close();
    }

    /**
     * Takes what was printed last, at the end of the process: waits a moment for what is still in descriptor 1, unless other
     * processes keep it open for longer, and logs last lines that have no end, unless somebody hangs in the middle of printing.
     */
    public void close() {
        try {
            new FileOutputStream(FileDescriptor.out).close(); // leads it to /dev/null: the reader finds the end
            reader.join(LAST_WORDS_MS);
            inherited.close();
            reader.join(LAST_WORDS_MS);
            Thread last = Threads.daemon("stdout.last", new Runnable() {
                @Override
                public void run() {
                    out.close();
                    err.close();
                }
            });
            last.start();
            last.join(LAST_WORDS_MS);
        } catch (IOException | InterruptedException expected) {
            // the process ends; what could not be read is lost with it
        }
    }
}
