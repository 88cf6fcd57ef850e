// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes log records of what is printed: one a line, on the logger {@code stdout} or {@code stderr}, at level INFO. A line
 * longer than {@value #MAX_LINE_BYTES} bytes becomes several records, cut between characters. What is not UTF-8 is replaced.
 * Any thread; the lines of one instance are logged in their order.
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
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        int end = offset + count;
        int at = offset;
        while (at < end) {
            int lineEnd = at;
            int most = Math.min(end, at + MAX_LINE_BYTES - length);
            while (lineEnd < most && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            append(bytes, at, lineEnd);
            at = lineEnd;
            if (at < end && bytes[at] == '\n') {
                int lineLength = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                length = 0; // whatever becomes of this line, it is no part of the next
                emit(lineLength);
                at++;
            } else if (at < end) {
                cut();
            }
        }
    }

    /** Logs a last line that has no end. */
    @Override
    public synchronized void close() {
        if (length > 0) {
            emit(length);
            length = 0;
        }
    }

    private void append(byte[] bytes, int from, int to) {
        int total = length + to - from;
        if (total > line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE_BYTES, Math.max(total, 2 * line.length)));
        }
        System.arraycopy(bytes, from, line, length, to - from);
        length = total;
    }

    /** Logs a full line as far as its characters are whole, and keeps the rest. */
    private void cut() {
        int whole = wholeCharacters();
        emit(whole);
        length -= whole;
        System.arraycopy(line, whole, line, 0, length);
    }

    /** Returns how many bytes of the line are left without a last character whose bytes are not all there yet. */
    private int wholeCharacters() {
        int start = length - 1;
        while (start > length - 4 && (line[start] & 0xc0) == 0x80) {
            start--;
        }
        int lead = line[start] & 0xff;
        int needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        return start + needed > length ? start : length;
    }

    private void emit(int end) {
        if (sink.isEnabled(Log.INFO)) {
            sink.log(logger, Log.INFO, new String(line, 0, end, StandardCharsets.UTF_8));
        }
    }
}
