// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.log;

import io.mitogen.core.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Everything that arrives at the logger {@code mitogen} until it is closed. Any thread. */
public final class RecordedLog extends Handler {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Logger logger = Logger.getLogger("mitogen");
    private final Level levelBefore = logger.getLevel();
    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();

    public RecordedLog(Level level) {
        logger.setLevel(level);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(levelBefore);
    }

    public List<LogRecord> all() {
        return List.copyOf(records);
    }

    /** Returns the texts of a logger's records from one source, in their order. */
    public List<String> texts(String logger, String source) {
        return records.stream()
                .filter(record -> record.getLoggerName().equals(logger)
                        && record.getSourceClassName().equals(source))
                .map(LogRecord::getMessage)
                .collect(Collectors.toList());
    }

    /** Waits for a record and returns it. */
    public LogRecord await(String what, Predicate<LogRecord> wanted) {
        Eventually.until(LIMIT, what, () -> records.stream().anyMatch(wanted));
        return records.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** Waits for a record of a context with this text, and returns it. */
    public LogRecord await(String context, String text) {
        return await(
                "a record of " + context + ": " + text,
                record -> record.getLoggerName().equals("mitogen.ctx." + context)
                        && record.getMessage().equals(text));
    }
}
