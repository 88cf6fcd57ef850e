// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.concurrent;

/** Where the time comes from, so that tests can move it. Any thread. */
public interface Clock {
    /** The clock of this JVM. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    };

    /** Returns nanoseconds since an arbitrary origin; compare by difference only, as it may wrap. */
    long nanoTime();
}
