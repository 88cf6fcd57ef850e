// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.relay.SentSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What went down one stream, where bundles were cut off by their budget, and how requests follow each other. One thread at a time. */
final class StreamHistory {
    /** More places than that are forgotten: what lies behind them costs a request when it is needed. */
    private static final int MAX_CUT_OFF = 4096;

    /** A request that comes later than this after an answer has nothing to do with it; time for 2 MiB on a slow link. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoClock;
    private final SentSet sent = new SentSet();
    private final Set<String> cutOff = new LinkedHashSet<>();
    private int unforeseen;
    private long answeredNs;

    /** Makes the history of a new stream, which goes by {@code nanoClock}. */
    StreamHistory(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Returns the paths of images that went down, or are about to; negative ones that nobody asked for, too. */
    SentSet sent() {
        return sent;
    }

    /** Notes a request; returns how many since the last pause were for what nothing had named, 0 when this one was foreseen. */
    int onRequest(boolean wasForeseen) {
        if (nanoClock.getAsLong() - answeredNs > PAUSE_NS) {
            unforeseen = 0;
        }
        if (wasForeseen) {
            return 0;
        }
        unforeseen++;
        return unforeseen;
    }

    /** Notes that the last request is answered. */
    void onAnswer() {
        answeredNs = nanoClock.getAsLong();
    }

    /** Notes a path that was named by something that went down, but was not looked at. */
    void addCutOff(String path) {
        if (cutOff.size() < MAX_CUT_OFF && !sent.contains(path)) {
            cutOff.add(path);
        }
    }

    /** Takes {@code path} out of those; tells whether it was there. */
    boolean takeCutOff(String path) {
        return cutOff.remove(path);
    }

    /** Takes them all out, oldest first. */
    List<String> takeAllCutOff() {
        List<String> all = List.copyOf(cutOff);
        cutOff.clear();
        return all;
    }
}
