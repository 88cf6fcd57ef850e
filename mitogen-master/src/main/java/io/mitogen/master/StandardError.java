// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import java.io.OutputStream;

/** What {@code System.err} is when something is written. Nothing closes it. Any thread. */
final class StandardError extends OutputStream {
    @Override
    public void write(int b) {
        System.err.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        System.err.write(bytes, offset, count);
    }

    @Override
    public void flush() {
        System.err.flush();
    }
}
