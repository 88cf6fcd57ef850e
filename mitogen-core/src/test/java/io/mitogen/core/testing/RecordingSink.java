// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.testing;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps every record as {@code level logger: text}, and knows which warnings a test expects. Any thread. */
public final class RecordingSink implements LogSink {
    private final List<String> records = new ArrayList<>(); // guarded by this, as the others
    private final List<String> warnings = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    @Override
    public boolean isEnabled(int level) {
        return true;
    }

    @Override
    public synchronized void log(String logger, int level, String text) {
        String record = level + " " + logger + ": " + text;
        records.add(record);
        if (level >= Log.WARNING) {
            warnings.add(record);
        }
    }

    /** Demands a record of WARNING or above that contains {@code text}. */
    public synchronized RecordingSink expect(String text) {
        expected.add(text);
        return this;
    }

    public synchronized List<String> records() {
        return List.copyOf(records);
    }

    /** Tells whether some record contains {@code text}. */
    public synchronized boolean has(String text) {
        return records.stream().anyMatch(record -> record.contains(text));
    }

    /** Fails when a warning was logged that no expectation covers, or an expected one was not. */
    public synchronized void check() {
        List<String> missing = new ArrayList<>(expected);
        for (String warning : warnings) {
            missing.removeIf(warning::contains);
            if (expected.stream().noneMatch(warning::contains)) {
                throw new AssertionError("unexpected: " + warning);
            }
        }
        if (!missing.isEmpty()) {
            throw new AssertionError("nobody logged " + missing + ", only " + warnings);
        }
    }
}
