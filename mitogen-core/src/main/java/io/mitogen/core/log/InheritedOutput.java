// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Logs what this JVM and the processes it starts write to descriptor 1, which leads to a FIFO that this process reads itself.
 *
 * <p>The FIFO has no end while the process lives. To know that everything written so far was logged, {@link #finish} writes a
 * mark behind it and waits until that is read. The reading belongs to one thread, {@code finish} to any.
 */
final class InheritedOutput implements LogSink, Runnable {
    private static final String MARK = "\0end of output\0";

    private final InputStream in;
    private final OutputStream end;
    private final LogSink sink;
    private boolean finished; // guarded by this

    /**
     * @param in where the output is read
     * @param end leads to {@code in}; each write of some bytes arrives in one piece
     */
    InheritedOutput(InputStream in, OutputStream end, LogSink sink) {
        this.in = in;
        this.end = end;
        this.sink = sink;
    }

    @Override
    public void run() {
        IoLogger lines = new IoLogger("stdout", this);
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                lines.write(buffer, 0, count);
            }
        } catch (IOException expected) {
            // the process ends: nothing writes any more
        }
        lines.close();
        onFinished();
    }

    /** Waits until all that was written before is logged, also a last line that has no end. */
    void finish() throws InterruptedException {
        if (!isEnabled(Log.INFO)) {
            return;
        }
        try {
            end.write((MARK + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException expected) {
            return; // user code closed the descriptor: nobody can have written to it since
        }
        synchronized (this) {
            while (!finished) {
                wait();
            }
        }
    }

    private synchronized void onFinished() {
        finished = true;
        notifyAll();
    }

    @Override
    public boolean isEnabled(int level) {
        return sink.isEnabled(level);
    }

    @Override
    public void log(String logger, int level, String line) {
        if (!line.endsWith(MARK)) {
            sink.log(logger, level, line);
            return;
        }
        if (line.length() > MARK.length()) {
            sink.log(logger, level, line.substring(0, line.length() - MARK.length()));
        }
        onFinished();
    }
}
