// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.loop.Protocol;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.wire.CorruptStreamException;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.FrameReader;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageHeader;
import io.mitogen.core.wire.MessageTap;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The conversation with the context at the other end of a stream: frames in, frames out.
 *
 * <p>It belongs to the broker's turn, but for {@link #send}.
 */
@BrokerThread
public final class Link implements Protocol, FrameReader.Sink {
    /** In place of an authority: the frames of this link keep their own. */
    private static final long NOT_FIXED = -1;

    /** In place of a context. */
    static final long NOBODY = -1;

    private final Router router;
    private final Stream stream;
    private final int peerId;
    private final boolean isUpward;
    private final FrameReader reader;
    private @Nullable EgressSet egress; // made on first use: a leaf needs none
    private int[] routed = new int[1]; // ids announced over this link; RouteGuard admits each once
    private int routedCount;
    private long fixedAuth = NOT_FIXED;
    private long answers; // guarded by this
    private @Nullable PeerLog log; // guarded by this
    long upward; // inside turns: upper bound of the bytes from here that wait for the parent
    int gathered; // inside turns: bytes of an incomplete frame, as counted in LinkLimits
    private @Nullable int[] lost; // inside turns: set by the close
    private boolean endAsked; // inside turns

    /** A lost context behind this link, while not everybody knows: then the link's end tells. Inside turns. */
    long untold = NOBODY;

    Link(Router router, Stream stream, int peerId) {
        this.router = router;
        this.stream = stream;
        this.peerId = peerId;
        Identity own = router.identity();
        this.isUpward = own.isParent(peerId);
        boolean towardsChildren = own.isMaster() || isUpward; // most of whose links are channels
        this.reader = new FrameReader(stream.broker().pool(), router.maxMessageBytes(), own.id(), towardsChildren);
    }

    /** Returns the id of the context at the other end. */
    @AnyThread
    public int peerId() {
        return peerId;
    }

    @AnyThread
    public Stream stream() {
        return stream;
    }

    /**
     * Returns the rate-limited log for lines that messages of this link cause; the router's own log has no limit. A parent never
     * loses its link for violations. For contexts that have, or had, children.
     */
    @AnyThread
    public synchronized PeerLog log() {
        if (log == null) {
            log = new PeerLog(router, this);
        }
        return log;
    }

    /** Gives every frame that comes in this authority, whatever it claims. */
    public void fixAuth(int contextId) {
        fixedAuth = Integer.toUnsignedLong(contextId);
    }

    /** Counts an answer. Returns an upper bound of the bytes of earlier answers that the peer has not read. */
    @AnyThread
    long unreadBefore(int bodyBytes) {
        long waiting = stream.queuedBytes();
        synchronized (this) {
            long before = Math.min(answers, waiting);
            answers = before + MessageHeader.LENGTH + bodyBytes;
            return before;
        }
    }

    /** Sends one message or frame. Returns false when the link is closed, or closes for lack of memory. */
    @AnyThread
    boolean send(Writable item) {
        return send(item, false);
    }

    /** As {@link #send(Writable)}; where more follows, together with it. */
    @AnyThread
    boolean send(Writable item, boolean moreFollows) {
        MessageTap tap = router.tap();
        if (tap != null) {
            tap.onSent(stream.name(), item);
        }
        try {
            return moreFollows ? stream.sendSoon(item) : stream.send(item);
        } catch (OutOfMemoryError e) {
            if (isUpward || !stream.broker().inTurn()) {
                throw e;
            }
            return false; // this turn may belong to another link; the stream has failed
        }
    }

    /** Notes that a message of the peer to {@code contextId} was forwarded. */
    void noteSentTo(int contextId) {
        if (egress == null) {
            egress = new EgressSet();
        }
        egress.add(contextId);
    }

    /** Notes that a route to {@code contextId} leads over this link. */
    void noteRoute(int contextId) {
        if (routedCount == routed.length) {
            routed = Arrays.copyOf(routed, 2 * routedCount);
        }
        routed[routedCount++] = contextId;
    }

    /** Returns the ids of the contexts that are lost with this link, ascending; the same on each call. */
    int[] idsLost() {
        if (lost == null) {
            int[] ids = Arrays.copyOf(routed, routedCount); // may repeat, and some routes may be gone
            Arrays.sort(ids);
            int count = 0;
            for (int id : ids) {
                boolean isLost = router.route(id) == this || Integer.toUnsignedLong(id) == untold;
                if (isLost && (count == 0 || ids[count - 1] != id)) {
                    ids[count++] = id;
                }
            }
            lost = Arrays.copyOf(ids, count);
        }
        return lost;
    }

    /** Tells whether the other end ever sent something to {@code contextId}. */
    public boolean hasSentTo(int contextId) {
        return egress != null && egress.contains(contextId);
    }

    /** Tells whether messages may pass between this and any other link in unidirectional mode. */
    boolean isPrivileged() {
        Identity identity = router.identity();
        return isUpward || fixedAuth != NOT_FIXED && identity.isSelfOrParent((int) fixedAuth);
    }

    @Override
    public void onBytes(Stream stream, ByteBuffer bytes) {
        try {
            reader.feed(bytes, this);
        } catch (CorruptStreamException e) {
            router.log().error("link to " + stream.name() + " is corrupt: " + e.getMessage());
            stream.close(e.getMessage());
        } catch (OutOfMemoryError e) {
            if (isUpward) {
                throw e; // a context without its parent ends anyway
            }
            endForMemory();
        }
        countGathered();
    }

    /** Closes this link, since its frames take more memory than there is. */
    void endForMemory() {
        reader.close(); // first: closing needs memory
        stream.close("no memory for " + gathered + " bytes from it");
    }

    private void countGathered() {
        if (!isUpward) {
            int before = gathered;
            gathered = reader.gatheredBytes();
            router.limits.onGathered(this, gathered - before);
        }
    }

    @Override
    public boolean wants(Frame header) {
        if (!router.isAuthentic(header, this)) {
            return false;
        }
        int claimed = header.auth();
        giveAuthority(header);
        boolean isWanted = router.wants(header, this);
        header.auth(claimed); // which is looked at again when the frame is whole
        return isWanted;
    }

    private void giveAuthority(Frame frame) {
        if (fixedAuth != NOT_FIXED) {
            frame.auth((int) fixedAuth);
        }
    }

    @Override
    public void onFrame(Frame frame) {
        if (stream.isClosed()) {
            return;
        }
        MessageTap tap = router.tap();
        if (tap != null) {
            tap.onReceived(stream.name(), frame);
        }
        if (router.isAuthentic(frame, this)) {
            giveAuthority(frame);
            router.onFrame(frame, this);
        }
    }

    /** Asks a child to end; a parent needs no goodbye, it ended us or will see the link close. */
    @Override
    public void onShutdown(Stream stream) {
        if (!isUpward) {
            shutdownPeer();
        }
    }

    /** Sends the order to end to the context at the other end. */
    void shutdownPeer() {
        endAsked = true;
        int own = router.identity().id();
        send(Message.empty(peerId, Handles.SHUTDOWN, Handles.NONE).from(own, own));
    }

    /** Tells whether the context at the other end was told to end, with all behind it, because this one ends. */
    public boolean isEndAsked() {
        return endAsked;
    }

    @Override
    public void onClosed(Stream stream, String reason) {
        reader.close();
        countGathered();
        router.onLinkClosed(this, reason);
        if (log != null) {
            log.flush();
        }
    }

    @Override
    public String toString() {
        return "link to context " + Integer.toUnsignedString(peerId) + " (" + stream.name() + ")";
    }
}
