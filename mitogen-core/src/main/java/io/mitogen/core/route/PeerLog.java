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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The log lines that one peer can cause, a limited number of each kind in each period; then one line says how many more there
 * were. A peer that breaks rules on and on loses its link.
 *
 * <p>Log lines of the library are written inside turns, where a slow handler holds up everybody else. So there must be few of
 * them, whatever a peer sends.
 */
@AnyThread
public final class PeerLog {
    /** Lines of one kind in one period; the others are counted. */
    public static final int MAX_LINES = 10;

    /** Length of a period, which begins with the first line after the one before, in nanoseconds. */
    public static final long PERIOD_NS = 10_000_000_000L;

    /** The link is closed at this many violations, of which one is forgiven every {@link #FORGIVE_NS}. */
    public static final int MAX_VIOLATIONS = 10_000;

    public static final long FORGIVE_NS = 1_000_000_000;

    private final Broker broker;
    private final Log log;
    private final Object peer;
    private final @Nullable Stream stream;
    private final Map<String, Kind> kinds =
            new LinkedHashMap<>(4); // guarded by this, as all below; of the current period
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

    /** Makes the log for the peer of a link, which is closed in the end, inside a turn, unless it leads to a parent. */
    PeerLog(Router router, Link link) {
        this(router.broker(), router.log(), link, router.identity().isParent(link.peerId()) ? null : link.stream());
    }

    /** Makes the log for {@code peers} that have no links; it is printed in what is said about them. */
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

    /** Logs what may happen to an honest peer: it never ends the link. The peer must not choose {@code kind}. */
    public void log(int level, String kind, String text) {
        log(level, kind, text, null);
    }

    /**
     * As {@link #log(int, String, String)}, followed by the stack of {@code cause} when there is one. When that blames the peer, it is
     * a violation.
     */
    public void log(int level, String kind, String text, @Nullable Throwable cause) {
        if (log.isEnabled(level) && mayLog(level, kind)) {
            log.log(level, text, cause);
        }
        if (cause instanceof MitogenException && ((MitogenException) cause).blame() == MitogenException.Blame.PEER) {
            count("malformed messages");
        }
    }

    /**
     * Logs that the peer broke a rule, and counts it against the link.
     *
     * @param rule what it did, in the plural, as "forged frames"; the peer must not choose it
     */
    public void violation(String rule, String text) {
        log(Log.ERROR, rule, text, null);
        count(rule);
    }

    /** Logs a frame whose source or authority lives elsewhere. */
    void forged(Frame frame) {
        violation(
                "forged frames",
                "dropped a message that claims to come from elsewhere, received from " + peer + ": " + frame);
    }

    /** Logs that a handler failed, at level ERROR, or that a message was dropped, at level DEBUG. */
    void undelivered(int level, String text, @Nullable Throwable cause) {
        log(level, level == Log.ERROR ? "failed handlers" : "dropped messages", text, cause);
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
                // nothing comes in any more
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

    /** Says how many lines there would have been, and begins a new period. */
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
