// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.LogSink;
import io.mitogen.core.Nullable;
import io.mitogen.core.buffer.Writable;
import io.mitogen.core.concurrent.Signal;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerListener;
import io.mitogen.core.loop.ReceiveSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.TransmitSide;
import io.mitogen.core.wire.Frame;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.core.wire.MessageTap;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Delivers messages to handlers of this context or forwards them towards others, and tells senders what could not be
 * delivered. The same class serves a master, a relay and a leaf: parenthood only adds handlers and links.
 */
public final class Router implements BrokerListener {
    /*
     * Incoming frames pass the same steps in the same order (docs/protocol.md, "Receiving"): the link proves that source and
     * authority live behind it, then the frame is delivered, or its link's egress set learns the destination and it is
     * forwarded. A forwarded frame is not opened and not copied into an object, unless the filter does so.
     *
     * The route table is changed inside turns only and read by any sender, without a lock. A handler that waits for a
     * context is registered before its message is sent, and a route is removed before the handlers that wait behind it are
     * failed, so every interleaving of a call with a death ends in a dead message: either the sender finds no route, or the
     * removal finds the handler.
     */
    /** How a dead message begins when the context went away that should have answered: Python's words. */
    public static final String RESPONDENT_GONE = "the respondent Context has disconnected";

    /** Reason of all dead messages after the close of a router whose broker goes on. */
    public static final String CLOSED = "the router was closed";

    private final Broker broker;
    private final Identity identity;
    private final Settings settings;
    private final Log log;
    private final HandlerTable handlers = new HandlerTable();
    private final Signal<RouterListener> listeners = new Signal<>();
    private volatile @Nullable RouteTable routes; // made on first use, inside a turn: a leaf needs none
    private final Set<Link> childLinks = ConcurrentHashMap.newKeySet();
    private @Nullable ForwardFilter filter; // inside turns
    private @Nullable Ancestry ancestry; // inside turns
    final LinkLimits limits = new LinkLimits(this);
    private final Message outOfMemory; // for the end, where there is no memory for another message
    private volatile @Nullable Link parent; // set once, at start
    private volatile @Nullable String closedReason;
    private volatile @Nullable MessageTap tap;
    private @Nullable OutOfMemoryError untold; // inside turns: why a notice of an end failed

    /** What applies to every message. */
    public static final class Settings {
        final int maxMessageBytes;
        final boolean unidirectional;

        /**
         * @param maxMessageBytes longest body that is sent, forwarded or accepted
         * @param unidirectional refuse what passes between two children: only parents and children talk
         */
        public Settings(int maxMessageBytes, boolean unidirectional) {
            this.maxMessageBytes = maxMessageBytes;
            this.unidirectional = unidirectional;
        }
    }

    public Router(Broker broker, Identity identity, Settings settings, LogSink sink) {
        this.broker = broker;
        this.identity = identity;
        this.settings = settings;
        this.log = new Log("mitogen.router", sink);
        this.outOfMemory = Message.dead(identity.id(), 0, Broker.OUT_OF_MEMORY).from(identity.id(), identity.id());
        broker.listeners().add(this);
        if (broker.isClosed()) {
            onExit(broker.endReason());
        }
    }

    @AnyThread
    public Broker broker() {
        return broker;
    }

    @AnyThread
    public Identity identity() {
        return identity;
    }

    @AnyThread
    public Log log() {
        return log;
    }

    @AnyThread
    public int maxMessageBytes() {
        return settings.maxMessageBytes;
    }

    @AnyThread
    public boolean isUnidirectional() {
        return settings.unidirectional;
    }

    /** Shows every frame to {@code tap} from now on; null stops it. */
    @AnyThread
    public void tap(@Nullable MessageTap tap) {
        this.tap = tap;
    }

    @AnyThread
    @Nullable
    MessageTap tap() {
        return tap;
    }

    @AnyThread
    public Signal<RouterListener> listeners() {
        return listeners;
    }

    // == Handlers ==

    /**
     * Adds a handler and returns its handle. After the end of the router it gets a dead message at once, on the calling
     * thread.
     *
     * @throws IllegalStateException when the handle has a handler already that is not to be overwritten
     */
    @AnyThread
    public int addHandler(Registration registration) {
        int handle = handlers.add(registration);
        if (closedReason != null && handlers.remove(handle)) {
            tell(registration.on(handle), closedReason);
        }
        return handle;
    }

    /** Removes a handler; returns whether there was one. */
    @AnyThread
    public boolean removeHandler(int handle) {
        return handlers.remove(handle);
    }

    // == Sending ==

    /**
     * Sends a message of this context. What cannot be delivered is answered with a dead message when an answer is wanted,
     * and dropped otherwise; either way this returns at once.
     */
    @AnyThread
    public void send(Message unsigned) {
        dispatch(unsigned.from(identity.id(), identity.id()), false);
    }

    /** As {@link #send}, in the name of a context that lives behind this one, with this one's authority. */
    @AnyThread
    public void sendFor(int contextId, Message unsigned) {
        dispatch(unsigned.from(contextId, identity.id()), false);
    }

    /** Returns the stream over which it went, null when it went nowhere. */
    private @Nullable Stream dispatch(Message message, boolean moreFollows) {
        if (message.length() > settings.maxMessageBytes) {
            refuseTooLarge(message);
        } else if (message.dst() == identity.id()) {
            Message own = message.inOnePart(); // nobody shares an array with somebody by sending it
            broker.tryDefer(() -> deliver(own, null));
        } else {
            Link out = linkTowards(message.dst());
            if (out == null) {
                bounce(message, null, noRoute(message.dst()));
            } else if (!out.send(message, moreFollows)) {
                bounce(message, null, RESPONDENT_GONE);
            } else {
                return out.stream();
            }
        }
        return null;
    }

    /** Sends what the peer of a link asked for; ends the link of one that asks on and on and reads no answer. */
    @AnyThread
    public void answer(Link to, Message unsigned) {
        if (!limits.endUnread(to, unsigned.length())) {
            send(unsigned);
        }
    }

    /**
     * As {@link #send}, of a message whose sender has lent parts of it. Returns the stream that may have some of them still, whose
     * {@link Stream#keepLent} gives them back; null when none has.
     *
     * @param moreFollows whether the caller will soon send something else, with which this may leave
     */
    @AnyThread
    public @Nullable Stream sendLent(Message unsigned, boolean moreFollows) {
        return dispatch(unsigned.from(identity.id(), identity.id()), moreFollows);
    }

    /** Answers {@code request}, unless it wants no answer. */
    @AnyThread
    public void reply(Message request, byte[] body) {
        reply(request, new byte[][] {body}, false);
    }

    /**
     * Answers {@code request}, unless it wants no answer.
     *
     * @param parts of the answer's body, none of which is needed any more when this returns
     * @param moreFollows whether the caller will soon send something else, with which this may leave
     */
    @AnyThread
    public void reply(Message request, byte[][] parts, boolean moreFollows) {
        if (request.wantsReply()) {
            Stream over = sendLent(Message.to(request.src(), request.replyTo(), Handles.NONE, parts), moreFollows);
            if (over != null) {
                over.keepLent(parts);
            }
        }
    }

    private void refuseTooLarge(Message message) {
        String reason = "message too large (max " + settings.maxMessageBytes + " bytes)";
        log.error(reason + ": " + message + "; send less at a time, or raise withMaxMessageBytes of the master");
        if (message.wantsReply()) {
            bounce(message, null, reason);
        } else if (!message.isDead() && Integer.compareUnsigned(message.handle(), Handles.FIRST_DYNAMIC) >= 0) {
            send(Message.dead(message.dst(), message.handle(), reason)); // CALL_FUNCTION takes one for an order to end
        }
    }

    private @Nullable Link linkTowards(int contextId) {
        Link link = route(contextId);
        return link == null ? parent : link;
    }

    private String noRoute(int dst) {
        return "no route to " + Integer.toUnsignedString(dst) + ", my ID is " + Integer.toUnsignedString(identity.id())
                + RouterListener.endOf(dst, listeners.listeners());
    }

    /** Sends a dead message, with the reason why there is no answer, to the sender of {@code message}. */
    @AnyThread
    public void bounce(Message message, String reason) {
        bounce(message, null, reason);
    }

    /** Tells the sender of {@code message}, which came by {@code in}, why it was not delivered. */
    private void bounce(Message message, @Nullable Link in, String reason) {
        if (!message.wantsReply()) {
            log(in, Log.DEBUG, "dropped, " + reason + ": ", message, null);
        } else if (in == null) {
            send(Message.dead(message.src(), message.replyTo(), reason));
        } else {
            answer(in, Message.dead(message.src(), message.replyTo(), reason));
        }
    }

    private void bounce(Frame frame, String reason) {
        Link back = linkTowards(frame.src());
        if (frame.wantsReply() && (back == null || limits.mayBounce(back))) {
            send(Message.dead(frame.src(), frame.replyTo(), reason));
        } else {
            log(back, Log.DEBUG, "dropped, " + reason + ": ", frame, null);
        }
    }

    /** Logs the fate of a message, rate-limited for children. A leaf hears only its parent, and so never loads PeerLog. */
    private void log(@Nullable Link in, int level, String what, Object message, @Nullable Throwable cause) {
        if (log.isEnabled(level)) {
            String text = what + message;
            if (in == null || in == parent) {
                log.log(level, text, cause);
            } else {
                in.log().undelivered(level, text, message, cause);
            }
        }
    }

    // == Receiving ==

    /** Tells whether source and authority of the frame live behind the link it came on. Nothing answers a forgery. */
    @BrokerThread
    boolean isAuthentic(Frame frame, Link in) {
        if (linkTowards(frame.auth()) == in && (frame.src() == frame.auth() || linkTowards(frame.src()) == in)) {
            return true;
        }
        in.log().forged(frame);
        return false;
    }

    /** Tells whether a frame whose body is still to come will be taken. If not, answers it as a whole one. */
    @BrokerThread
    boolean wants(Frame header, Link in) {
        return (header.dst() == identity.id() ? taker(header.withoutBody(), in) : nextHop(header, in)) != null;
    }

    @BrokerThread
    void onFrame(Frame frame, Link in) {
        if (frame.dst() == identity.id()) {
            deliver(frame.toMessage(), in);
            return;
        }
        Link out = nextHop(frame, in);
        if (out == null) {
            return;
        }
        in.noteSentTo(frame.dst());
        Writable item = filter == null ? frame : filter.onForward(frame, in);
        if (item != null && (limits.endUnread(frame, in, out) || !out.send(item))) {
            bounce(frame, RESPONDENT_GONE);
        }
    }

    /** Returns the link over which to forward a frame; null when it is refused, and its sender was told. */
    private @Nullable Link nextHop(Frame frame, Link in) {
        int dst = frame.dst();
        Link out = route(dst);
        if (out == null && in != parent) {
            out = parent;
        }
        if (out == null) {
            bounce(frame, noRoute(dst));
        } else if (!mayPass(in, out)) {
            bounce(
                    frame,
                    "routing mode prevents forward of message from context " + Integer.toUnsignedString(in.peerId())
                            + " to context " + Integer.toUnsignedString(out.peerId()) + " via context "
                            + Integer.toUnsignedString(identity.id()));
        } else {
            return out;
        }
        return null;
    }

    /** Tells whether the routing mode lets messages pass between two links; news of deaths follow the same rule. */
    @BrokerThread
    public boolean mayPass(Link one, Link other) {
        return !settings.unidirectional || one.isPrivileged() || other.isPrivileged();
    }

    @BrokerThread
    private void deliver(Message message, @Nullable Link in) {
        Registration found = taker(message, in);
        if (found != null) {
            handle(found, message, in);
            if (found.oneShot) { // last: after an error, the end of the router must find it
                handlers.remove(found);
            }
        }
    }

    /** Returns the handler that may take a message; null when none may, and its sender was told. */
    private @Nullable Registration taker(Message message, @Nullable Link in) {
        Registration found = handlers.find(message.handle());
        if (found == null) {
            bounce(message, in, noHandler());
        } else if (!found.mayBeAnswered(message, in, this)) {
            bounce(message, in, "reply from unexpected context");
        } else if (found.policy != null && !found.policy.allows(message, in)) {
            bounce(message, in, "refused by policy");
        } else {
            return found;
        }
        return null;
    }

    /** Tells whether {@code src}, whose message came by {@code in}, is on the way to {@code respondent}. */
    boolean isOnTheWay(int src, int respondent, @Nullable Link in) {
        return in == null
                || in == linkTowards(respondent) && (ancestry == null || ancestry.isOnTheWay(src, respondent, in));
    }

    /** Returns why a handle has no handler. An ending context has removed all handlers while its link is still open. */
    private String noHandler() {
        return closedReason == null ? "invalid handle" : RESPONDENT_GONE + ": " + closedReason;
    }

    private void handle(Registration registration, Message message, @Nullable Link in) {
        try {
            registration.handler.onMessage(message, in);
        } catch (RuntimeException e) {
            log(in, Log.ERROR, "handler failed on ", message, e);
            bounce(message, in, "handler of " + Handles.name(message.handle()) + " failed: " + e);
        }
    }

    /**
     * Sends a dead message to the handlers that wait for one of {@code respondents}, ascending, or to all for null. Removes those
     * that took it.
     */
    private void failAll(@Nullable int[] respondents, String reason) {
        for (Registration registration : handlers.all()) {
            if (respondents == null || registration.waitsFor(respondents)) {
                try {
                    tell(registration, reason);
                    handlers.remove(registration);
                } catch (Error e) {
                    onUntold(e, "could not send a dead message to a handler");
                }
            }
        }
    }

    private void tell(Registration registration, String reason) {
        int own = identity.id();
        Message dead = outOfMemory;
        try {
            dead = Message.dead(own, registration.handle, reason).from(own, own);
        } catch (OutOfMemoryError e) {
            if (closedReason == null) {
                throw e;
            }
        }
        handle(registration, dead, null);
    }

    /** Notes that a notice of an end failed, so that the others still follow. */
    private void onUntold(Throwable e, String text) {
        if (e instanceof OutOfMemoryError) {
            untold = (OutOfMemoryError) e;
        } else {
            log.error(text, e);
        }
    }

    /** Breaks the broker, whose end repeats the notices, when one has failed for lack of memory. */
    private void checkAllTold() {
        OutOfMemoryError e = untold;
        untold = null;
        if (e != null) {
            throw e;
        }
    }

    // == Links and routes ==

    /** Opens the link to this context's parent, which lives as long as the process. */
    @BrokerThread
    public Link connectParent(ReceiveSide receive, TransmitSide transmit) throws IOException {
        Stream stream = new Stream(broker, "parent", receive, transmit);
        Link link = new Link(this, stream, identity.parentId());
        stream.protocol(link);
        stream.openForLife();
        parent = link; // not before it can send; nothing comes in before this turn ends
        return link;
    }

    /** Makes {@code stream} the link to the child {@code contextId}, and adds its route. */
    @BrokerThread
    public Link connectChild(Stream stream, int contextId) {
        Link link = new Link(this, stream, contextId);
        childLinks.add(link);
        addRoute(contextId, link);
        stream.protocol(link);
        return link;
    }

    /** Returns the link to the parent, null in a master and before the start of a child. */
    @AnyThread
    public @Nullable Link parent() {
        return parent;
    }

    /** Passes each frame that is to be forwarded through {@code filter} from now on. */
    @BrokerThread
    public void forwardFilter(ForwardFilter filter) {
        this.filter = filter;
    }

    /** Asks {@code ancestry} from now on who is on the way to a context. Before there are children. */
    public void ancestry(Ancestry ancestry) {
        this.ancestry = ancestry;
    }

    /** Sends what is for {@code contextId} over {@code link} from now on. */
    @BrokerThread
    public void addRoute(int contextId, Link link) {
        broker.checkInTurn();
        if (routes == null) {
            routes = new RouteTable();
        }
        routes.put(contextId, link);
        link.noteRoute(contextId);
    }

    /** Returns the link behind which {@code contextId} lives, null when this context has no route of its own to it. */
    @AnyThread
    public @Nullable Link route(int contextId) {
        RouteTable known = routes;
        return known == null ? null : known.find(contextId);
    }

    /** Returns the links to all children. */
    @AnyThread
    Set<Link> childLinks() {
        return childLinks;
    }

    /** Returns the ids of all contexts to which this one has a route, ascending. */
    @AnyThread
    public int[] routedIds() {
        RouteTable known = routes;
        return known == null ? new int[0] : known.ids();
    }

    /**
     * Forgets {@code contextId}: tells the listeners and fails the handlers that wait for it. Ignores this context and its
     * ancestors, which live as long as the link to the parent does.
     */
    @BrokerThread
    public void deleteRoute(int contextId, String reason) {
        broker.checkInTurn();
        if (!identity.isSelfOrParent(contextId)) {
            Link over = routes == null ? null : routes.remove(contextId);
            if (over != null) {
                over.untold = Integer.toUnsignedLong(contextId);
            }
            contextsGone(over, reason, contextId);
            checkAllTold();
            if (over != null) {
                over.untold = Link.NOBODY;
            }
        }
    }

    /** @param contextIds ascending; none of them has a route any more */
    private void contextsGone(@Nullable Link over, String reason, int... contextIds) {
        for (int contextId : contextIds) {
            for (RouterListener listener : listeners.listeners()) {
                try {
                    listener.onContextGone(contextId, over, reason);
                } catch (RuntimeException | Error e) {
                    onUntold(e, "a listener failed on the loss of context " + Integer.toUnsignedString(contextId));
                }
            }
        }
        if (handlers.isAnyWaitingFor(contextIds)) {
            failAll(contextIds, RESPONDENT_GONE + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    /** Called again, for the same contexts, when a notice failed. */
    @BrokerThread
    void onLinkClosed(Link link, String reason) {
        int[] ids = link.idsLost();
        for (int id : ids) {
            if (route(id) == link) {
                routes.remove(id);
            }
        }
        childLinks.remove(link);
        contextsGone(link, reason, ids);
        for (RouterListener listener : listeners.listeners()) {
            try {
                listener.onLinkGone(link, reason);
            } catch (RuntimeException | Error e) {
                onUntold(e, "a listener failed on the loss of the " + link);
            }
        }
        checkAllTold();
    }

    // == The end ==

    /** Ends the contexts behind all links in order, and waits for it, at most the broker's grace time. */
    @AnyThread
    public void close() {
        new RouterShutdown(this).run();
    }

    @Override
    public void onShutdown() {}

    /** Returns why this router has ended, null while it runs. */
    @AnyThread
    public @Nullable String closedReason() {
        return closedReason;
    }

    /** Fails everything that waits, now and later, for {@code reason}. */
    @Override
    public void onExit(String reason) {
        closedReason = reason;
        failAll(null, reason);
        checkAllTold();
    }
}
