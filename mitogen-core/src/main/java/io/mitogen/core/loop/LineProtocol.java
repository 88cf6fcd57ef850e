// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.loop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Delimited text: cuts lines at {@code \n}, drops a {@code \r} before it, decodes UTF-8 with replacement. A line longer
 * than {@value #MAX_LINE_BYTES} bytes is delivered in parts, so that no peer can make it grow.
 */
public abstract class LineProtocol implements Protocol {
    static final int MAX_LINE_BYTES = 16 * 1024;

    private byte[] partial = new byte[128];
    private int length;

    /** Makes a protocol in which no line has begun. */
    protected LineProtocol() {}

    /** A line came, without its end. */
    protected abstract void onLine(Stream stream, String line);

    /** Text came that no line end follows yet; all of it since the last one. */
    protected void onText(Stream stream, String text) {}

    @Override
    public final void onBytes(Stream stream, ByteBuffer bytes) {
        while (bytes.hasRemaining() && !stream.isClosed()) {
            byte next = bytes.get();
            if (next != '\n') {
                if (length == partial.length) {
                    partial = Arrays.copyOf(partial, 2 * length);
                }
                partial[length++] = next;
            }
            if (next == '\n' || length == MAX_LINE_BYTES) {
                onLine(stream, takePartial());
                if (stream.isLedByAnother(this)) {
                    return;
                }
            }
        }
        if (length > 0 && !stream.isClosed()) {
            onText(stream, new String(partial, 0, length, StandardCharsets.UTF_8));
        }
    }

    /** Removes and returns what came after the last line end; empty when nothing did. */
    protected final String takePartial() {
        int end = length > 0 && partial[length - 1] == '\r' ? length - 1 : length;
        length = 0;
        return new String(partial, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public void onShutdown(Stream stream) {}
}
