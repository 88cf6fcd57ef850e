// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.AnyThread;
import io.mitogen.core.Log;
import io.mitogen.core.MitogenException;
import io.mitogen.core.Nullable;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rate-limited log for one peer: a fixed number of lines of each kind in each period, then one line with the count of the
 * suppressed ones. A peer that keeps breaking rules loses its link.
 *
 * <p>The library logs inside turns, where a slow handler holds up all links. So a peer must not be able to cause many lines.
 */
@AnyThread
public final class PeerLog {
    /** Lines of one kind in one period; further ones are only counted. */
    public static final int MAX_LINES = 10;

    /** Length of a period in nanoseconds. It begins with the first line after the end of the last period. */
    public static final long PERIOD_NS = 10_000_000_000L;

    /** The link is closed at this many violations, of which one is forgiven every {@link #FORGIVE_NS}. */
    public static final int MAX_VIOLATIONS = 10_000;

    /** Interval at which one violation is forgiven, in nanoseconds. */
    public static final long FORGIVE_NS = 1_000_000_000;

    private final Broker broker;
    private final Log log;
    private final Object peer;
    private final @Nullable Stream stream;

    // of the current period; guarded by this, as all below
    private final Map<String, Kind> kinds = new LinkedHashMap<>(4);

    private boolean isTimed;
    private int violations;
    private long forgivenAtNs;

    private static final class Kind {
        final int level;
        int lines;
        long more;

        Kind(int level) {
            this.level = level;
        }
    }

    /** Makes the log for the peer of a link. It can close the link, inside a turn, unless that leads to the parent. */
    PeerLog(Router router, Link link) {
        this(router.broker(), router.log(), link, router.identity().isParent(link.peerId()) ? null : link.stream());
    }

    /** Makes the log for {@code peers} without links, named so in the count of suppressed lines. */
    public PeerLog(Broker broker, Log log, String peers) {
        this(broker, log, peers, null);
    }

    private PeerLog(Broker broker, Log log, Object peer, @Nullable Stream stream) {
        this.broker = broker;
        this.log = log;
        this.peer = peer;
        this.stream = stream;
        this.forgivenAtNs = broker.clock().nanoTime();
    }

    /** Logs an event that an honest peer may cause: it never closes the link. The peer must not choose {@code kind}. */
    public void log(int level, String kind, String text) {
        log(level, kind, text, null);
    }

    /** As {@link #log(int, String, String)}, followed by the stack of {@code cause} when there is one. */
    public void log(int level, String kind, String text, @Nullable Throwable cause) {
        if (log.isEnabled(level) && mayLog(level, kind)) {
            log.log(level, text, cause);
        }
    }

    /**
     * Logs that the peer broke a rule, and counts it against the link.
     *
     * @param rule the violations in the plural, as "forged frames"; the peer must not choose it
     */
    public void violation(String rule, String text) {
        log(Log.ERROR, rule, text, null);
        count(rule);
    }

    /**
     * As {@link #violation(String, String)}, of a message that anybody behind the link may send. It counts only when the peer itself did:
     * a relay passes on what it cannot judge, and must not be lost for it.
     */
    public void violation(String rule, String text, Message message) {
        log(Log.ERROR, rule, text, null);
        if (isOfPeer(message)) {
            count(rule);
        }
    }

    /** Logs a frame whose source or authority lives elsewhere. */
    void forged(Frame frame) {
        violation(
                "forged frames",
                "dropped a message that claims to come from elsewhere, received from " + peer + ": " + frame);
    }

    /**
     * Logs that a handler failed, at level ERROR, or that a message was dropped, at level DEBUG. Where {@code cause} blames the peer,
     * and the message is its own, that is a violation.
     */
    void undelivered(int level, String text, Object message, @Nullable Throwable cause) {
        log(level, level == Log.ERROR ? "failed handlers" : "dropped messages", text, cause);
        if (cause instanceof MitogenException
                && ((MitogenException) cause).blame() == MitogenException.Blame.PEER
                && isOfPeer((Message) message)) {
            count("malformed messages");
        }
    }

    private boolean isOfPeer(Message message) {
        return peer instanceof Link && ((Link) peer).peerId() == message.src();
    }

    private boolean mayLog(int level, String name) {
        boolean begins;
        synchronized (this) {
            Kind kind = kinds.get(name);
            if (kind == null) {
                kind = new Kind(level);
                kinds.put(name, kind);
            }
            if (kind.lines == MAX_LINES) {
                kind.more++;
                return false;
            }
            kind.lines++;
            begins = !isTimed;
            isTimed = true;
        }
        if (begins) {
            try {
                broker.after(PERIOD_NS, this::onPeriodEnd);
            } catch (BrokerClosedException expected) {
                // no more messages, so no more lines
            }
        }
        return true;
    }

    private void onPeriodEnd() {
        synchronized (this) {
            isTimed = false;
        }
        flush();
    }

    /** Logs how many lines of each kind were suppressed, and begins a new period. */
    public void flush() {
        List<Map.Entry<String, Kind>> ended;
        synchronized (this) {
            ended = new ArrayList<>(kinds.entrySet());
            kinds.clear();
        }
        for (Map.Entry<String, Kind> each : ended) {
            Kind kind = each.getValue();
            if (kind.more > 0) {
                log.log(
                        kind.level,
                        kind.more + " more " + each.getKey() + " of the " + peer + " within "
                                + PERIOD_NS / 1_000_000_000 + " s",
                        null);
            }
        }
    }

    private void count(String rule) {
        if (stream != null && isOneTooMany()) {
            String reason = "it broke the rules " + MAX_VIOLATIONS + " times, at last with " + rule;
            log.error("closing the " + peer + ": " + reason);
            broker.tryDefer(() -> stream.close(reason));
        }
    }

    private synchronized boolean isOneTooMany() {
        long forgiven = (broker.clock().nanoTime() - forgivenAtNs) / FORGIVE_NS;
        forgivenAtNs += forgiven * FORGIVE_NS;
        violations = (int) Math.max(0, violations - forgiven) + 1;
        return violations == MAX_VIOLATIONS;
    }
}
