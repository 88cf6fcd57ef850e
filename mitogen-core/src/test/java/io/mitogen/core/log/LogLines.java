// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.LogSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps records as {@code logger level text}. One thread at a time. */
final class LogLines implements LogSink {
    final List<String> lines = new ArrayList<>();
    int minLevel;

    @Override
    public boolean isEnabled(int level) {
        return level >= minLevel;
    }

    @Override
    public void log(String logger, int level, String text) {
        lines.add(logger + " " + level + " " + text);
    }
}
