// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.MessageHeader;

/** How many bytes may wait for a link, or come over it without end, before it is closed: shares of the heap. */
final class LinkLimits {
    /** A peer that leaves so many bytes unread is not told any more what of its messages could not be delivered. */
    private static final long UNREAD_BOUNCE_BYTES = 1024 * 1024;

    /** Closes a link once this many maximum-size messages are queued on it, if memory suffices for so much. */
    private static final long UNREAD_MESSAGES = 2;

    private final Router router;
    private long gathered; // inside turns: bytes of frames from below that are not complete

    /** The largest size of the heap, in bytes. Set once; tests have it smaller. */
    long heapBytes = Runtime.getRuntime().maxMemory();

    LinkLimits(Router router) {
        this.router = router;
    }

    /** Tells whether a peer reads well enough to be told what of its messages could not be delivered. */
    @AnyThread
    boolean mayBounce(Link back) {
        return back.stream().queuedBytes() < UNREAD_BOUNCE_BYTES;
    }

    /** Counts an answer with so long a body; ends the link of a peer that asks on and on and reads no answer. */
    @AnyThread
    boolean endUnread(Link to, int bodyBytes) {
        return end(to, "it does not read: ", to.unreadBefore(bodyBytes) - UNREAD_BOUNCE_BYTES);
    }

    /** Ends the link for which too much waits; where the next hop is the parent, the one from which too much of that comes. */
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
        if (bytes > Math.min(UNREAD_MESSAGES * router.maxMessageBytes(), heapBytes / 4)) {
            router.broker().tryDefer(() -> link.stream().close(what + bytes + " bytes wait"));
            return true;
        }
        return false;
    }

    /** Counts bytes of incomplete frames from below; when they are too many, the link that has most of them ends. */
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
