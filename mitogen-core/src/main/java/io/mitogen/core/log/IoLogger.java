// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes log records of what is printed: one a line, on the logger {@code stdout} or {@code stderr}, at level INFO. A line
 * longer than {@value #MAX_LINE_BYTES} bytes becomes several records. Any thread.
 */
public final class IoLogger extends OutputStream {
    static final int MAX_LINE_BYTES = 16 * 1024;

    private final String logger;
    private final LogSink sink;
    private byte[] line = new byte[256]; // guarded by this
    private int length; // guarded by this

    public IoLogger(String logger, LogSink sink) {
        this.logger = logger;
        this.sink = sink;
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            emit();
            return;
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) b;
        if (length == MAX_LINE_BYTES) {
            emit();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
    }

    /** Logs a last line that has no end. */
    @Override
    public synchronized void close() {
        if (length > 0) {
            emit();
        }
    }

    private void emit() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        sink.log(logger, Log.INFO, new String(line, 0, end, StandardCharsets.UTF_8));
    }
}
