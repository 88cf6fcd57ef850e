// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.mitogen.core.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps what masters log as a warning or above; a test that passes must have taken all of it. Any thread. */
final class LoggedWarnings extends Handler implements BeforeEachCallback, AfterEachCallback {
    private static final Duration LONG = Duration.ofSeconds(25);

    private final Logger mitogen = Logger.getLogger("mitogen");
    private final List<String> warnings = new ArrayList<>(); // guarded by itself

    @Override
    public void beforeEach(ExtensionContext context) {
        mitogen.addHandler(this);
        mitogen.setUseParentHandlers(false);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        mitogen.removeHandler(this);
        mitogen.setUseParentHandlers(true);
        if (context.getExecutionException().isEmpty()) {
            synchronized (warnings) {
                assertEquals(List.of(), warnings, "logged, but not expected");
            }
        }
    }

    /** Waits for warnings with {@code text}, and takes them. */
    void await(String text) {
        Eventually.until(LONG, "a warning with: " + text, () -> {
            synchronized (warnings) {
                return warnings.removeIf(warning -> warning.contains(text));
            }
        });
    }

    /** Takes the warnings with {@code text} that are there already, and returns how many. */
    int take(String text) {
        synchronized (warnings) {
            int before = warnings.size();
            warnings.removeIf(warning -> warning.contains(text));
            return before - warnings.size();
        }
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            synchronized (warnings) {
                warnings.add(record.getLoggerName() + ": " + record.getMessage());
            }
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
