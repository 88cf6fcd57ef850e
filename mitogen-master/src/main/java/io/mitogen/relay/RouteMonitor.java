// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.Printable;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Spreads the news of routes: a new context upwards, a lost one upwards and to every child that ever sent something to it.
 */
@BrokerThread
public final class RouteMonitor implements RouterListener {
    /** Names, and what is told of an end, get longer with the depth of the tree; beyond this they are cut. */
    private static final int MAX_NAME_CHARS = 500;

    private static final String LOST_ABOVE = "its parent lost it";

    /** Most memory of a route, with the names of its context. */
    private static final int ROUTE_BYTES = 4 * 1024;

    /** Routes that one link may have, however small the heap is. */
    private static final int LEAST_ROUTES = 1_000;

    private final Router router;
    private final Contexts contexts;
    private final RouteGuard guard;
    private final Set<Link> children = new LinkedHashSet<>(); // clients among them
    private final Set<Link> clients = new LinkedHashSet<>();
    private final Map<Link, Integer> routesByLink = new HashMap<>(); // number of routes that were announced over it
    private final int maxRoutes;
    private boolean tellsHow; // inside turns

    /** Adds the handlers of ADD_ROUTE and DEL_ROUTE to the router. */
    public RouteMonitor(Contexts contexts, RouteGuard guard) {
        this(contexts, guard, Runtime.getRuntime().maxMemory());
    }

    RouteMonitor(Contexts contexts, RouteGuard guard, long heapBytes) {
        this.maxRoutes = (int) Math.max(LEAST_ROUTES, Math.min(Integer.MAX_VALUE, heapBytes / 16 / ROUTE_BYTES));
        this.contexts = contexts;
        this.guard = guard;
        this.router = contexts.router();
        router.addHandler(Registration.of(new MessageHandler() {
                    @Override
                    public void onMessage(Message message, @Nullable Link from) {
                        onAddRoute(message, from);
                    }
                })
                .on(Handles.ADD_ROUTE)
                .policy(new ShortMessages("an ADD_ROUTE of", ShortMessages.FEW_BYTES, Policy.IMMEDIATE_PEER)));
        router.addHandler(Registration.of(new MessageHandler() {
                    @Override
                    public void onMessage(Message message, @Nullable Link from) {
                        onDeleteRoute(message, from);
                    }
                })
                .on(Handles.DEL_ROUTE)
                .policy(new ShortMessages("a DEL_ROUTE of", ShortMessages.FEW_BYTES, Policy.IMMEDIATE_PEER))
                .overwriting());
        router.listeners().add(this);
    }

    /** Has the parent, which must be of this library, told how contexts end from now on. */
    public void tellHowTheyEnd() {
        tellsHow = true;
    }

    /** A direct child is up: tells the ancestors of it. */
    public void onChildUp(Link link, String name) {
        children.add(link);
        tellParent(Handles.ADD_ROUTE, Integer.toUnsignedString(link.peerId()) + ":" + name);
    }

    /** A program has joined: it hears of lost contexts as a child does, but nobody is told of it, and nobody may live behind it. */
    public void onClientUp(Link link) {
        children.add(link);
        clients.add(link);
    }

    private void onAddRoute(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return; // the router ends
        }
        String text = message.text();
        int colon = text.indexOf(':');
        int id;
        try {
            id = Integer.parseUnsignedInt(colon < 0 ? text : text.substring(0, colon));
        } catch (NumberFormatException e) {
            from.log().violation("malformed routes", "ADD_ROUTE without a valid id, from " + from);
            return;
        }
        Link known = router.route(id);
        Identity identity = router.identity();
        if (from == router.parent()
                || clients.contains(from)
                || identity.isSelfOrParent(id)
                || known != null
                || !guard.admit(id, from)) {
            from.log()
                    .violation(
                            "refused routes",
                            "refused a route to context " + Integer.toUnsignedString(id) + " from " + from
                                    + (known == from ? ", which announced it before" : ", which does not lead there"));
            if (known != from) {
                router.answer(from, Message.text(from.peerId(), Handles.DEL_ROUTE, Integer.toUnsignedString(id)));
            }
            return;
        }
        if (routesByLink.merge(from, 1, Integer::sum) > maxRoutes) {
            routesByLink.put(from, maxRoutes);
            from.log().log(
                    Log.ERROR,
                    "refused routes",
                    "refused a route to context " + Integer.toUnsignedString(id) + " from " + from + ", which has "
                            + maxRoutes + ": as many as this context has memory for");
            router.answer(from, Message.text(from.peerId(), Handles.DEL_ROUTE, Integer.toUnsignedString(id)));
            return;
        }
        router.addRoute(id, from);
        Context peer = contexts.get(from.peerId(), null);
        String told = colon < 0 ? Integer.toUnsignedString(id) : text.substring(colon + 1);
        String name = printable(peer.name() + "." + told);
        contexts.path(
                contexts.get(id, name), peer.path() + " -> (" + printable(told).replace('>', '?') + ")");
        tellParent(Handles.ADD_ROUTE, Integer.toUnsignedString(id) + ":" + name);
    }

    /** Returns a name as it may stand in a log, whoever chose it. */
    private static String printable(String name) {
        return Printable.line(name, MAX_NAME_CHARS);
    }

    private void onDeleteRoute(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return; // the router ends
        }
        String text = message.text();
        int colon = text.indexOf(':');
        int id;
        try {
            id = Integer.parseUnsignedInt(colon < 0 ? text : text.substring(0, colon));
        } catch (NumberFormatException e) {
            from.log().violation("malformed routes", "DEL_ROUTE without a valid id, from " + from);
            return;
        }
        Link known = router.route(id);
        if (from == router.parent()) {
            onDeletedAbove(id, known);
        } else if (known == from && id == from.peerId()) {
            from.stream().close("it deleted its own route"); // or the stream would outlive what is known of it
        } else if (known == from) {
            String lost = "lost behind " + contexts.get(from.peerId(), null).name();
            router.deleteRoute(id, colon < 0 ? lost : lost + ": " + printable(text.substring(colon + 1)));
        } else if (known != null) {
            from.log()
                    .violation(
                            "refused routes",
                            "refused to delete the route to context " + Integer.toUnsignedString(id) + " for " + from
                                    + ", which does not lead there");
        }
    }

    /** Deletes a route for the parent. If it leads over a link of this context, that child is told, or its link closed. */
    private void onDeletedAbove(int id, @Nullable Link known) {
        if (known != null && known.peerId() == id) {
            known.stream().close(LOST_ABOVE);
            return;
        }
        if (known != null) {
            router.send(Message.text(known.peerId(), Handles.DEL_ROUTE, Integer.toUnsignedString(id)));
        }
        router.deleteRoute(id, LOST_ABOVE);
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {
        String id = Integer.toUnsignedString(contextId);
        if (over != null && contextId != over.peerId()) {
            routesByLink.computeIfPresent(over, (link, count) -> count == 1 ? null : count - 1);
        }
        if (over != null && over != router.parent()) {
            tellParent(Handles.DEL_ROUTE, tellsHow ? id + ":" + reason : id);
        }
        for (Link child : children) {
            if (child != over && child.hasSentTo(contextId) && (over == null || router.mayPass(child, over))) {
                router.send(Message.text(child.peerId(), Handles.DEL_ROUTE, id));
            }
        }
    }

    @Override
    public void onLinkGone(Link link, String reason) {
        children.remove(link);
        clients.remove(link);
        routesByLink.remove(link);
    }

    private void tellParent(int handle, String text) {
        if (!router.identity().isMaster()) {
            router.send(Message.text(router.identity().parentId(), handle, text));
        }
    }
}
