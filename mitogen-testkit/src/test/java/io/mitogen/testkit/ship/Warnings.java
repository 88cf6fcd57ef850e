// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ship;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what this library and its contexts log from WARNING on, until closed. Any thread. */
final class Warnings extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("mitogen");

    private final List<String> texts = new ArrayList<>(); // guarded by this

    Warnings() {
        setLevel(Level.WARNING);
        LOGGER.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            texts.add(record.getLoggerName() + ": " + record.getMessage());
        }
    }

    synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
