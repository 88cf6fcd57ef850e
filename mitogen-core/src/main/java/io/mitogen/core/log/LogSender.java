// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.Nullable;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Router;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * A child's sink: sends each record to the master as {@code logger NUL level NUL text}. What is logged before the link is up
 * is kept, within bounds, and sent then. What sending itself would log is dropped, or one record would beget another. Any
 * thread.
 */
public final class LogSender implements LogSink {
    static final int MAX_CORKED = 1_000;
    static final int MAX_CORKED_CHARS = 1_000_000;
    static final int MAX_LOGGER_CHARS = 256;

    /** Of a message, for the logger's name, the level and the note about what was cut. */
    private static final int RESERVED_BYTES = 4 * MAX_LOGGER_CHARS;

    private static final int MAX_BYTES_PER_CHAR = 3;

    private final ThreadLocal<Boolean> sending = new ThreadLocal<>();
    private final int minLevel;
    private final Object lock = new Object();
    private List<String[]> corked = new ArrayList<>(0); // guarded by lock
    private long corkedChars; // guarded by lock
    private int dropped; // guarded by lock
    private volatile @Nullable Router router; // set under lock, once nothing is corked any more

    /** @param minLevel records below it are dropped here */
    public LogSender(int minLevel) {
        this.minLevel = minLevel;
    }

    /** Sends what was kept, and from now on everything at once. */
    public void uncork(Router router) {
        for (List<String[]> batch = takeCorked(router); !batch.isEmpty(); batch = takeCorked(router)) {
            for (String[] record : batch) {
                send(router, record[0], record[1]);
            }
        }
        int lost;
        synchronized (lock) {
            lost = dropped;
        }
        if (lost > 0) {
            log("mitogen.log", Log.WARNING, lost + " log records were dropped before the link was up");
        }
    }

    /** Takes what is kept; when that is nothing, opens the way for {@code next}. */
    private List<String[]> takeCorked(Router next) {
        synchronized (lock) {
            List<String[]> batch = corked;
            corked = new ArrayList<>(0);
            corkedChars = 0;
            if (batch.isEmpty()) {
                router = next;
            }
            return batch;
        }
    }

    @Override
    public boolean isEnabled(int level) {
        return level >= minLevel && sending.get() == null;
    }

    @Override
    public void log(String logger, int level, String text) {
        if (isEnabled(level)) {
            String head = head(logger, level);
            Router up = router;
            if (up != null || (up = cork(head, text)) != null) {
                send(up, head, text);
            }
        }
    }

    /** Keeps a record, or returns the router when it need not be kept any more. */
    private @Nullable Router cork(String head, String text) {
        synchronized (lock) {
            if (router == null) {
                long chars = corkedChars + head.length() + text.length();
                if (corked.size() < MAX_CORKED && chars <= MAX_CORKED_CHARS) {
                    corked.add(new String[] {head, text});
                    corkedChars = chars;
                } else {
                    dropped++;
                }
            }
            return router;
        }
    }

    private static String head(String logger, int level) {
        String name = logger.length() > MAX_LOGGER_CHARS ? logger.substring(0, MAX_LOGGER_CHARS) : logger;
        return name.replace('\0', ' ') + '\0' + level + '\0';
    }

    private void send(Router up, String head, String text) {
        int max = Math.max(0, (up.maxMessageBytes() - RESERVED_BYTES) / MAX_BYTES_PER_CHAR);
        String fitting = text.length() <= max
                ? text
                : text.substring(0, max) + " [" + (text.length() - max)
                        + " more characters were too many for a message]";
        try {
            sending.set(Boolean.TRUE);
            up.send(Message.text(Identity.MASTER, Handles.FORWARD_LOG, head + fitting));
        } finally {
            sending.remove();
        }
    }
}
