// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.concurrent.Deadline;
import io.mitogen.core.concurrent.Lane;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands the log records of all contexts to the logger {@code mitogen.ctx.NAME}, with their own logger and level.
 *
 * <p>Records come inside turns, and handlers of the program take them on a lane: a terminal that is held, or a slow disk, must
 * not stop the tree. What waits is bounded; beyond that records are dropped, counted and reported.
 */
final class LogReceiver implements MessageHandler {
    /** Limit on text that waits for handlers, in characters of at most two bytes: a share of the heap. */
    static final long MAX_WAITING_CHARS =
            Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 16);

    /** How long the close of the router waits for handlers of the last records. */
    private static final Duration FLUSH_LIMIT = Duration.ofSeconds(5);

    /** How long the close waits for the record with the number of dropped ones. */
    private static final Duration COUNT_PATIENCE = Duration.ofSeconds(1);

    private static final int RECORD_OVERHEAD_CHARS = 200;

    private final Contexts contexts;
    private final MasterLog log;
    private final Lane lane;
    private final AtomicLong waitingChars = new AtomicLong();
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile boolean dropping; // after the flush of the close timed out

    LogReceiver(Contexts contexts, MasterLog log) {
        this(contexts, log, contexts.newLane());
    }

    LogReceiver(Contexts contexts, MasterLog log, Lane lane) {
        this.contexts = contexts;
        this.log = log;
        this.lane = lane;
        contexts.router()
                .addHandler(Registration.of(this).on(Handles.FORWARD_LOG).policy(this::mayWait));
    }

    /** Drops a record that is too long for the queue before its body arrives. */
    private boolean mayWait(Message message, @Nullable Link from) {
        if (message.length() <= MAX_WAITING_CHARS) {
            return true;
        }
        dropped.incrementAndGet();
        return false;
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return;
        }
        String record = message.text();
        int nameEnd = record.indexOf('\0');
        int levelEnd = record.indexOf('\0', nameEnd + 1);
        try {
            int level = Integer.parseInt(record.substring(nameEnd + 1, levelEnd));
            String context = contexts.get(message.src(), null).name();
            receive(context, record.substring(0, nameEnd), level, record.substring(levelEnd + 1));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            String text = "not a log record: " + message;
            if (from == null) {
                contexts.router().log().error(text);
            } else {
                from.log().violation("malformed log records", text, message);
            }
        }
    }

    /** Logs a record of the context called {@code context}. Any thread. */
    void receive(String context, String logger, int level, String text) {
        long chars = RECORD_OVERHEAD_CHARS + logger.length() + text.length();
        if (waitingChars.addAndGet(chars) > MAX_WAITING_CHARS) {
            waitingChars.addAndGet(-chars);
            dropped.incrementAndGet();
            return;
        }
        try {
            lane.execute(() -> log(chars, context, logger, level, text));
        } catch (OutOfMemoryError expected) { // no thread can be had, and a log record is not worth the broker's life
            waitingChars.addAndGet(-chars);
            dropped.incrementAndGet();
        }
    }

    private void log(long chars, String context, String logger, int level, String text) {
        waitingChars.addAndGet(-chars);
        if (dropping) {
            dropped.incrementAndGet();
            return;
        }
        log.logOf(context, logger, level, text);
        sayDropped();
    }

    private void sayDropped() {
        int lost = dropped.getAndSet(0);
        if (lost > 0) {
            log.log("mitogen.log", Log.WARNING, lost + " log records of contexts were dropped: handlers are too slow");
        }
    }

    /**
     * Waits until handlers have taken all earlier records; gives up when they take none for {@code patience}. After five seconds
     * drops the records that still wait, and logs their number.
     */
    void flush(Duration patience) {
        flush(patience, FLUSH_LIMIT);
    }

    /** As {@link #flush(Duration)}, with another limit than five seconds. */
    void flush(Duration patience, Duration limit) {
        CountDownLatch done = new CountDownLatch(1);
        lane.execute(done::countDown);
        Deadline deadline = Deadline.after(limit);
        long before = Long.MAX_VALUE;
        try {
            while (waitingChars.get() < before) {
                before = waitingChars.get();
                if (done.await(Math.min(patience.toNanos(), deadline.remainingNs()), TimeUnit.NANOSECONDS)) {
                    return;
                }
                if (deadline.isOver()) {
                    dropWaiting();
                    return;
                }
            }
        } catch (InterruptedException expected) { // the caller is in a hurry, and what is left follows anyway
            Thread.currentThread().interrupt();
        }
    }

    /** Drops the queue and logs the count. A slow handler may delay that beyond this call. */
    private void dropWaiting() throws InterruptedException {
        CountDownLatch counted = new CountDownLatch(1);
        dropping = true;
        lane.execute(() -> {
            sayDropped();
            counted.countDown();
        });
        counted.await(COUNT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }
}
