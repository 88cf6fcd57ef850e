// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.bench.work;

import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageHeader;
import io.mitogen.core.wire.MessageTap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what passes over the links of a router. Any thread. */
final class LinkMeter implements MessageTap {
    private final AtomicLong down = new AtomicLong();
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();

    /**
     * What has passed up to a moment, or between two.
     *
     * @param down bytes to children
     * @param up bytes of children
     * @param questions how often a child asked for a class or a resource
     */
    record Reading(long down, long up, long questions) {
        /** Returns what has passed from {@code earlier} to this. */
        Reading since(Reading earlier) {
            return new Reading(down - earlier.down, up - earlier.up, questions - earlier.questions);
        }
    }

    /** Returns what has passed up to now. */
    Reading read() {
        return new Reading(down.get(), up.get(), questions.get());
    }

    @Override
    public void onReceived(String stream, Object frame) {
        up.addAndGet(bytes(frame));
        if (frame instanceof Frame read && isQuestion(read.handle())) {
            questions.incrementAndGet();
        }
    }

    @Override
    public void onSent(String stream, Object frame) {
        down.addAndGet(bytes(frame));
    }

    private static boolean isQuestion(int handle) {
        return handle == Handles.GET_MODULE || handle == Handles.GET_RESOURCE;
    }

    private static int bytes(Object frame) {
        if (frame instanceof Frame read) {
            return MessageHeader.LENGTH + read.length();
        }
        if (frame instanceof Message message) {
            return MessageHeader.LENGTH + message.length();
        }
        throw new IllegalArgumentException("neither a frame nor a message: " + frame);
    }
}
