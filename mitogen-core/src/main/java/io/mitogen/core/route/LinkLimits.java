// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.MessageHeader;

/** Limits, as shares of the heap, on the bytes queued on a link and on incomplete frames; beyond them a link is closed. */
final class LinkLimits {
    /** Dead messages are no longer sent to a peer that leaves this many bytes unread; with less, no link is closed. */
    private static final long UNREAD_BOUNCE_BYTES = 1024 * 1024;

    /** Closes a link once this many maximum-size messages are queued on it, or a quarter of the heap. */
    private static final long UNREAD_MESSAGES = 2;

    private final Router router;
    private long gathered; // inside turns: bytes of incomplete frames from below

    /** Maximum size of the heap, in bytes; smaller in tests. */
    long heapBytes = Runtime.getRuntime().maxMemory();

    LinkLimits(Router router) {
        this.router = router;
    }

    /** Tells whether a peer reads fast enough to get dead messages for frames that could not be forwarded. */
    @AnyThread
    boolean mayBounce(Link back) {
        return back.stream().queuedBytes() < UNREAD_BOUNCE_BYTES;
    }

    /** Counts an answer. Closes the link of a peer that keeps asking and reads no answers; returns whether it did. */
    @AnyThread
    boolean endUnread(Link to, int bodyBytes) {
        return end(to, "it does not read: ", to.unreadBefore(bodyBytes) - UNREAD_BOUNCE_BYTES);
    }

    /** Closes the link with too much queued on it; if that leads to the parent, the link from which too much of it came. */
    @BrokerThread
    boolean endUnread(Frame frame, Link in, Link out) {
        long waiting = out.stream().queuedBytes();
        if (out != router.parent()) {
            return end(out, "it does not read: ", waiting);
        }
        long before = Math.min(in.upward, waiting);
        in.upward = before + MessageHeader.LENGTH + frame.length();
        return end(in, "it sends too fast: ", before);
    }

    private boolean end(Link link, String what, long bytes) {
        long most = Math.max(UNREAD_BOUNCE_BYTES, UNREAD_MESSAGES * router.maxMessageBytes());
        if (bytes > Math.min(most, heapBytes / 4)) {
            router.broker().tryDefer(() -> link.stream().close(what + bytes + " bytes wait"));
            return true;
        }
        return false;
    }

    /** Counts bytes of incomplete frames from below. When they are too many, closes the link that has most of them. */
    @BrokerThread
    void onGathered(Link from, int change) {
        gathered += change;
        if (change > 0 && gathered > heapBytes / 2) {
            Link most = from;
            for (Link link : router.childLinks()) {
                if (link.gathered > most.gathered) {
                    most = link;
                }
            }
            most.endForMemory();
        }
    }
}
