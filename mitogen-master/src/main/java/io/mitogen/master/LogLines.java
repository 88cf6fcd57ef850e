// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * Prints log records to standard error or to a file, one at a time, in UTF-8. Any thread.
 *
 * <p>The library's own records come inside turns. While another thread prints, perhaps on a terminal that is held, they are left
 * to that thread, within bounds.
 */
final class LogLines {
    /** Limit on text that is left to another thread, in characters; the first record may be longer. */
    static final int MAX_LEFT_CHARS = 1_000_000;

    private static final LogLines STDERR = new LogLines(new StandardError());

    private final OutputStream out;
    private final Formatter formatter = new LineFormatter();
    private final ErrorManager errors = new ErrorManager(); // reports the first failure only
    private final ReentrantLock printing = new ReentrantLock();
    private final ArrayDeque<String> left = new ArrayDeque<>(); // guarded by itself
    private int leftChars; // guarded by left
    private int dropped; // guarded by left

    /** @param out is closed by {@link #close} */
    LogLines(OutputStream out) {
        this.out = out;
    }

    /** Returns the lines on {@code System.err}, whatever stream that is at the time of a record. */
    static LogLines stderr() {
        return STDERR;
    }

    /** Prints a record now; waits for other threads that print. */
    void print(LogRecord record) {
        String line = formatter.format(record);
        printing.lock();
        try {
            write(line);
        } finally {
            printing.unlock();
        }
        printLeft();
    }

    /** Prints a record now, or leaves it to the thread that is printing. */
    void printOrLeave(LogRecord record) {
        String line = formatter.format(record);
        synchronized (left) {
            if (!left.isEmpty() && leftChars + line.length() > MAX_LEFT_CHARS) {
                dropped++;
                return;
            }
            leftChars += line.length();
            left.add(line);
        }
        printLeft();
    }

    private void printLeft() {
        while (isAnyLeft() && printing.tryLock()) { // whoever has the lock looks again after it gave it back
            try {
                for (String line = takeLeft(); line != null; line = takeLeft()) {
                    write(line);
                }
            } finally {
                printing.unlock();
            }
        }
    }

    private boolean isAnyLeft() {
        synchronized (left) {
            return !left.isEmpty();
        }
    }

    private @Nullable String takeLeft() {
        synchronized (left) {
            String line = left.poll();
            if (line == null) {
                return null;
            }
            leftChars -= line.length();
            if (left.isEmpty() && dropped > 0) {
                line += "    [" + dropped + " further records of this library were dropped: nobody takes the output]\n";
                dropped = 0;
            }
            return line;
        }
    }

    private void write(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes, 0, bytes.length);
            out.flush();
        } catch (IOException e) {
            errors.error("a log record is lost", e, ErrorManager.WRITE_FAILURE);
        }
    }

    /** Closes the file, if it is one. */
    void close() {
        printing.lock();
        try {
            out.close();
        } catch (IOException e) {
            errors.error("the end of a log may be lost", e, ErrorManager.CLOSE_FAILURE);
        } finally {
            printing.unlock();
        }
    }
}
