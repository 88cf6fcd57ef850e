// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.relay.SentSet;
import java.util.ArrayDeque;

/** What went down one stream, and where bundles were cut off by their budget. One thread at a time. */
final class StreamHistory {
    /** More places than that are forgotten: what lies behind them costs a request when it is needed. */
    private static final int MAX_CUT_OFF = 4096;

    private final SentSet sent = new SentSet();
    private final ArrayDeque<String> cutOff = new ArrayDeque<>();

    SentSet sent() {
        return sent;
    }

    /** Notes the path of an image, sent or about to be, of which not everything that it names was looked at. */
    void addCutOff(String path) {
        if (cutOff.size() < MAX_CUT_OFF) {
            cutOff.add(path);
        }
    }

    boolean hasCutOff() {
        return !cutOff.isEmpty();
    }

    /** Takes the oldest of these paths out; there must be one. */
    String takeCutOff() {
        return cutOff.remove();
    }
}
