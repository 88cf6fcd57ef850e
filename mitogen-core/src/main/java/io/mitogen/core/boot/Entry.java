// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * The way from {@code CoreLoader} into the core without a reflective call, the first of which takes a newer JVM some 10 ms: when
 * this class is initialized it hands itself to its loader, and is then given the arguments of {@link ChildMain#main} in order.
 */
final class Entry implements Consumer<Object[]> {
    static {
        handOver();
    }

    @SuppressWarnings("unchecked") // CoreLoader, which this may not know
    private static void handOver() {
        ((Consumer<Object>) Entry.class.getClassLoader()).accept(new Entry());
    }

    @Override
    public void accept(Object[] arguments) {
        try {
            ChildMain.main(
                    (InputStream) arguments[0],
                    (OutputStream) arguments[1],
                    (InputStream) arguments[2],
                    (byte[]) arguments[3],
                    (byte[]) arguments[4]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start this context", e);
        }
    }
}
