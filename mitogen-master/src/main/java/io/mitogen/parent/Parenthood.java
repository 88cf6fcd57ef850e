// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Connector;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.BrokerMember;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.RouteGuard;
import io.mitogen.relay.RouteMonitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a context needs to have children, and its children: one for each router of a master, one in each child that ever
 * connects another. Any thread, but for what says otherwise.
 */
public final class Parenthood implements Connector, RouterListener {
    private static final int LAUNCH_THREADS = 4;
    private static final long LAUNCH_THREAD_IDLE_S = 5;

    private final Contexts contexts;
    private final Settings settings;
    private final RouteMonitor routes;
    private final Executor launchExecutor;
    private final AskPass askPass = new AskPass();
    private final Executor completions;
    private final Set<BrokerMember> attempts = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private final Map<Link, Connection> connections = new HashMap<>(); // inside turns

    /** What differs between a master and a child that became a parent. */
    public interface Settings {
        /** Where ids come from. */
        IdAllocator ids();

        /** Returns what decides whether a context may live behind a link. */
        RouteGuard guard();

        /** Returns the deflated core. */
        byte[] corePayload();

        /** Returns what children inherit: see {@code ChildConfig}. */
        Kwargs inherited();

        /** Takes a line of a child's standard error, while it lives or just after. Inside turns. */
        void onErrorLine(int contextId, String name, String line);
    }

    public Parenthood(Contexts contexts, Settings settings) {
        this.contexts = contexts;
        this.settings = settings;
        this.routes = new RouteMonitor(contexts, settings.guard());
        ThreadPoolExecutor launching = new ThreadPoolExecutor(
                LAUNCH_THREADS,
                LAUNCH_THREADS,
                LAUNCH_THREAD_IDLE_S,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> Threads.daemon("launch", work));
        launching.allowCoreThreadTimeOut(true);
        this.launchExecutor = launching;
        this.completions = contexts.newLane();
        router().listeners().add(this);
    }

    /** Makes a child a parent; called by name from the core, on the child's main thread, once. */
    public static Connector enter(ChildContext child) {
        Bundle.link(child.loader());
        Parenthood[] made = new Parenthood[1];
        child.router().broker().runInTurn(() -> {
            made[0] = new Parenthood(child.contexts(), new ChildSettings(child));
            ChildSettings.forwardClasses(child);
        });
        return made[0];
    }

    /**
     * Connects a context for another one, which called this by name.
     *
     * @return a dict with {@code id} and {@code name}, or with {@code msg} and {@code reason} when it failed
     */
    public static Map<String, Object> proxyConnect(ChildContext child, String methodClass, Kwargs options) {
        Map<String, Object> answer = new HashMap<>();
        try {
            Context context = child.connect(ViaConnector.make(child.loader(), methodClass, options));
            answer.put("id", PickleWriter.unsigned(context.id()));
            answer.put("name", context.name());
        } catch (ConnectException e) {
            answer.put("id", null);
            answer.put("msg", e.getMessage());
            answer.put("reason", e.reason().name());
        }
        return answer;
    }

    @Override
    public CompletableFuture<Context> connectAsync(ConnectionMethod method) {
        ContextOptions common;
        if (method instanceof SelfConnecting) {
            common = ((SelfConnecting) method).common();
        } else if (method instanceof LaunchMethod) {
            common = ((LaunchMethod) method).common();
        } else {
            throw new IllegalArgumentException(method + " is no connection method that can be started here");
        }
        Context via = common.via();
        if (via != null && via.id() != router().identity().id()) {
            return ViaConnector.connect(this, via, method, common.connectTimeout());
        }
        if (method instanceof SelfConnecting) {
            return ((SelfConnecting) method).connect(this);
        }
        Connection connection = new Connection(this, (LaunchMethod) method);
        return attempt(connection, connection::start);
    }

    /** Begins to start a context in this process. */
    public CompletableFuture<Context> connectGuest(ContextOptions options) {
        GuestConnection guest = new GuestConnection(this, options);
        return attempt(guest, guest::start);
    }

    private CompletableFuture<Context> attempt(BrokerMember attempt, Supplier<CompletableFuture<Context>> start) {
        attempts.add(attempt);
        CompletableFuture<Context> result = start.get();
        result.whenComplete((context, failure) -> attempts.remove(attempt));
        if (closed) {
            router().broker().tryDefer(attempt::onShutdown);
        }
        return result;
    }

    /** Fails the attempts that are under way, and all later ones. */
    public void cancelAttempts() {
        closed = true;
        for (BrokerMember attempt : attempts) {
            router().broker().tryDefer(attempt::onShutdown);
        }
        askPass.close();
    }

    // == For connections ==

    /** Returns the router of this parent. */
    public Router router() {
        return contexts.router();
    }

    public Contexts contexts() {
        return contexts;
    }

    IdAllocator ids() {
        return settings.ids();
    }

    Log log() {
        return router().log();
    }

    Executor launchExecutor() {
        return launchExecutor;
    }

    AskPass askPass() {
        return askPass;
    }

    ProcessStarter starter() {
        return Boolean.TRUE.equals(settings.inherited().get("pumped")) ? ProcessStarter.PUMPED : ProcessStarter.best();
    }

    byte[] payload() {
        return settings.corePayload();
    }

    /** Returns the name of this context, for messages. */
    String ownName() {
        Context own = contexts.get(router().identity().id(), null);
        return router().identity().isMaster() ? "the master" : own.name();
    }

    /** Returns what the process list shows of a child. */
    String processName(LaunchMethod method) {
        String chosen = method.common().name();
        String name = chosen != null
                ? chosen
                : HostName.user() + "@" + HostName.get() + ":"
                        + ProcessHandle.current().pid();
        return "mitogen:" + name.replaceAll("[/\\\\\\p{Cntrl}]", "_");
    }

    Identity identityOf(int childId) {
        int[] ancestors = router().identity().parentIds();
        int[] parents = new int[ancestors.length + 1];
        parents[0] = router().identity().id();
        System.arraycopy(ancestors, 0, parents, 1, ancestors.length);
        return new Identity(childId, parents);
    }

    Map<String, Object> settingsOf(ContextOptions options, String name) {
        Map<String, Object> child = new HashMap<>(settings.inherited());
        child.put("name", name);
        child.put("class_path", new ArrayList<>(options.classPath()));
        if (options.debug()) {
            child.put("log_level", Math.min(Log.DEBUG, ((Number) child.get("log_level")).intValue()));
        }
        return child;
    }

    @BrokerThread
    void watch(Link link, Connection connection) {
        connections.put(link, connection);
    }

    @BrokerThread
    Context onChildUp(Link link, String name) {
        Context context = contexts.get(link.peerId(), name);
        routes.onChildUp(link, name);
        return context;
    }

    @BrokerThread
    void logLine(int contextId, String name, String line) {
        settings.onErrorLine(contextId, name, line);
    }

    /** Runs what completes a user's future, outside of any turn. */
    void complete(Runnable completion) {
        completions.execute(completion);
    }

    @Override
    public void onContextGone(int contextId, Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        Connection connection = connections.remove(link);
        if (connection != null) {
            connection.onLinkGone();
        }
    }
}
