// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.log;

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
 * is kept, within bounds, and sent then. What sending itself would log is dropped, or one record would beget another.
 */
public final class LogSender implements LogSink {
    private static final int MAX_CORKED = 1_000;

    private final ThreadLocal<Boolean> sending = new ThreadLocal<>();
    private final List<String> corked = new ArrayList<>(0); // guarded by itself
    private volatile int minLevel;
    private volatile @Nullable Router router;

    /** @param minLevel records below it are dropped here */
    public LogSender(int minLevel) {
        this.minLevel = minLevel;
    }

    /** Sends what was kept, and from now on everything at once. */
    public void uncork(Router router) {
        while (true) {
            List<String> records;
            synchronized (corked) {
                if (corked.isEmpty()) {
                    this.router = router;
                    return;
                }
                records = new ArrayList<>(corked);
                corked.clear();
            }
            for (String record : records) {
                send(router, record);
            }
        }
    }

    /** Drops records below {@code level} from now on. */
    public void minLevel(int level) {
        minLevel = level;
    }

    @Override
    public boolean isEnabled(int level) {
        return level >= minLevel && sending.get() == null;
    }

    @Override
    public void log(String logger, int level, String text) {
        if (!isEnabled(level)) {
            return;
        }
        String record = logger + '\0' + level + '\0' + text;
        Router up = router;
        if (up == null) {
            synchronized (corked) {
                up = router;
                if (up == null) {
                    if (corked.size() < MAX_CORKED) {
                        corked.add(record);
                    }
                    return;
                }
            }
        }
        send(up, record);
    }

    private void send(Router up, String record) {
        sending.set(Boolean.TRUE);
        try {
            up.send(Message.text(Identity.MASTER, Handles.FORWARD_LOG, record));
        } finally {
            sending.remove();
        }
    }
}
