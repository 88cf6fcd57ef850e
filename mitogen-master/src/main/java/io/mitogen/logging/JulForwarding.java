// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.logging;

import io.mitogen.core.LogSink;
import io.mitogen.core.log.ProcessLog;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Puts a handler that leads to the master in the place of those that {@code java.util.logging} has when nobody configures it. */
public final class JulForwarding {
    private JulForwarding() {}

    /** Configures this process; called by name from the core, before user code uses {@code java.util.logging}. Any thread. */
    public static void install() {
        install(LogManager.getLogManager().getLogger(""), ProcessLog.sink());
    }

    static void install(Logger root, LogSink sink) {
        root.setLevel(threshold(sink));
        root.addHandler(new JulHandler(sink));
        for (Handler printing : root.getHandlers()) {
            if (!(printing instanceof JulHandler)) {
                root.removeHandler(printing);
            }
        }
    }

    private static Level threshold(LogSink sink) {
        for (int level : JulLevels.pythonLevels()) {
            if (sink.isEnabled(level)) {
                Level lowest = JulLevels.toJul(level);
                return lowest == JulLevels.IO ? Level.ALL : lowest;
            }
        }
        return Level.OFF;
    }
}
