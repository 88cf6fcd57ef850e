// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.LogSink;
import io.mitogen.core.concurrent.Threads;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Turns everything that a child prints into log records. */
public final class StdioCapture {
    private final IoLogger out;
    private final IoLogger err;
    private final InheritedOutput inherited;

    private StdioCapture(LogSink sink, InheritedOutput inherited) {
        this.out = new IoLogger("stdout", sink);
        this.err = new IoLogger("stderr", sink);
        this.inherited = inherited;
    }

    /**
     * Replaces {@code System.out} and {@code System.err} for good, and begins to read {@code inherited}, where the standard
     * output of this process's own children, and of the JVM itself, arrives.
     */
    public static StdioCapture install(LogSink sink, InputStream inherited) {
        InheritedOutput reading = new InheritedOutput(inherited, new FileOutputStream(FileDescriptor.out), sink);
        StdioCapture capture = new StdioCapture(sink, reading);
        System.setOut(new PrintStream(capture.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(capture.err, true, StandardCharsets.UTF_8));
        Threads.daemon("stdout", reading).start();
        return capture;
    }

    /**
     * Logs what was printed and not logged yet, last lines that have no end included. Returns after {@code atMost} at the
     * latest: somebody may hang in the middle of printing.
     */
    public void flush(Duration atMost) {
        Thread flushing = Threads.daemon("flush", new Runnable() {
            @Override
            public void run() {
                flushAll();
            }
        });
        flushing.start();
        try {
            flushing.join(atMost.toMillis());
        } catch (InterruptedException expected) { // whoever shuts down has no time: what is not flushed is lost
            Thread.currentThread().interrupt();
        }
    }

    private void flushAll() {
        out.close();
        err.close();
        try {
            inherited.finish();
        } catch (InterruptedException expected) {
            // nobody interrupts this thread
        }
    }
}
