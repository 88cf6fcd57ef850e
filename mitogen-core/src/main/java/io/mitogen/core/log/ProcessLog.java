// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.LogSink;

/**
 * The one sink of a child's process, for logging frameworks that are configured without being handed anything. A child sets it
 * once, before any of its own code runs; in every other process it drops all. Any thread.
 */
public final class ProcessLog {
    private static volatile LogSink sink = LogSink.NONE;

    private ProcessLog() {}

    /** Makes {@code child} the sink of this process. */
    public static void install(LogSink child) {
        sink = child;
    }

    /** Returns the sink of this process. */
    public static LogSink sink() {
        return sink;
    }
}
