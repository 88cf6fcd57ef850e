// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core;

/** Where log records go: up the link in a child, to {@code java.util.logging} in a master. Any thread. Never throws. */
public interface LogSink {
    /** A sink that drops everything. */
    LogSink NONE = new LogSink() {
        @Override
        public boolean isEnabled(int level) {
            return false;
        }

        @Override
        public void log(String logger, int level, String text) {}
    };

    /** Tells whether a record of this level (Python's numbers, see {@link Log}) would be kept. */
    boolean isEnabled(int level);

    /** Takes one record; {@code text} may have several lines. */
    void log(String logger, int level, String text);
}
