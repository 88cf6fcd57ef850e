// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Connector;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerClosedException;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.RouteGuard;
import io.mitogen.relay.RouteMonitor;
import io.mitogen.relay.ShortMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a context needs to have children, and its children: one for each router of a master, one in each child that ever
 * connects another. Any thread, but for what says otherwise.
 */
public final class Parenthood implements Connector, RouterListener {
    /** The setting with how many attempts of one context may be under way at a time. */
    public static final String ATTEMPTS_AT_A_TIME = "attempts_at_a_time";

    static final String NOT_STARTED = "the process could not be started: ";

    private static final int LAUNCH_THREADS = 32; // idle ones end
    private static final long LAUNCH_THREAD_IDLE_S = 1;
    private static final long CALLBACK_RETRY_NS = 100_000_000;

    private final Contexts contexts;
    private final Settings settings;
    private final RouteMonitor routes;
    private final ThreadPoolExecutor launchExecutor;
    private final AskPass askPass = new AskPass();
    private final ProcessTree processTree = new ProcessTree();
    private final Executor failures;
    private final Executor readers;
    private final Set<Integer> pythons = ConcurrentHashMap.newKeySet(); // ids of contexts that are Python interpreters
    private @Nullable PythonSupport pythonSupport; // guarded by this
    private @Nullable MessageHandler classRequests; // set once, at start
    private final Map<Integer, AttemptQueue<Attempt>> queues =
            new HashMap<>(); // by who starts; this and below: inside turns
    private final PeerTurns<Attempt> peerTurns = new PeerTurns<>();
    private final Set<Attempt> attempts = new LinkedHashSet<>();
    private final Set<Runnable> undelivered = new LinkedHashSet<>(); // results for which no thread can be had
    private final Map<Link, Connection> connections = new HashMap<>();
    private int asked; // contexts that were up when no attempt was under way, and attempts since
    private boolean closed;
    private boolean routerEnded;

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

        /** Returns the child that became a parent; null in a master. */
        @Nullable
        ChildContext child();

        /**
         * Returns what Python children run: a line with the version of their Mitogen, a tuple as Python writes it, and the text of
         * {@code mitogen.core}. On a launch thread.
         *
         * @throws BootRefusedException when there is none, with where it was looked for
         */
        byte[] pythonRuntime();

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
                work -> router().broker().threads().told(router(), Threads.daemon("launch", work)));
        launching.allowCoreThreadTimeOut(true);
        this.launchExecutor = launching;
        this.failures = contexts.newLane();
        this.readers = contexts.newLane();
        router().listeners().add(this);
        router().addHandler(Registration.of(this::onDetaching)
                .on(Handles.DETACHING)
                .policy(new ShortMessages("a DETACHING of", ShortMessages.FEW_BYTES, Policy.IMMEDIATE_PEER)));
        Shortage.prepare();
        contexts.path(contexts.get(router().identity().id(), null), ownPath());
    }

    /** Makes a child a parent; called by name from the core, on the child's main thread, once. */
    public static Connector enter(ChildContext child) {
        Bundle.link(child.loader());
        Parenthood[] made = new Parenthood[1];
        child.router().broker().runInTurn(() -> {
            made[0] = new Parenthood(child.contexts(), new ChildSettings(child));
            made[0].classRequests = ChildSettings.forwardClasses(child);
            if (Boolean.FALSE.equals(child.launcher().inherited().get(PythonSupport.PYTHON_PARENT))) {
                made[0].routes.tellHowTheyEnd();
            }
        });
        if (Boolean.TRUE.equals(child.launcher().inherited().get(PythonSupport.PYTHON_PARENT))) {
            made[0].pythonSupport(); // what JVM contexts below ask for on behalf of Python contexts must be turned here
        }
        return made[0];
    }

    /**
     * Begins to connect a context for another one, which called this by name and hears of the outcome at {@code handle}.
     *
     * @param questions where {@code requester} answers what programs on the way ask; 0 when it does not
     * @return the handle to which {@code requester} sends when it gives up
     */
    public static Object connectFor(
            ChildContext child, Context requester, long handle, long questions, String methodClass, Kwargs options) {
        ConnectionMethod method = ProxiedAttempt.make(child.loader(), methodClass, options);
        if (questions != 0 && method instanceof ProcessMethod<?> asking) {
            Duration patience = asking.common().connectTimeout();
            method = asking.askedBy(new RemoteQuestions(requester, (int) questions, patience));
        }
        return PickleWriter.unsigned(ProxiedAttempt.begin(child, requester, (int) handle, method));
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
            return attempt(isPython(via) ? viaPython(via, method, common) : new ViaAttempt(this, via, method, common));
        }
        if (method instanceof SelfConnecting) {
            return ((SelfConnecting) method).connect(this);
        }
        return attempt(new Connection(this, (LaunchMethod) method));
    }

    /** Connects below a context that turned out to be a Python interpreter. Not inside a turn. */
    CompletableFuture<Context> connectBelowPython(Context via, ConnectionMethod method) {
        if (!(method instanceof LaunchMethod launching)) {
            throw noMethodOfPython(method, via);
        }
        router().broker().runInTurn(() -> {
            if (router().route(via.id()) != null) {
                notePython(via.id());
            }
        });
        return attempt(viaPython(via, method, launching.common()));
    }

    private static IllegalArgumentException noMethodOfPython(ConnectionMethod method, Context via) {
        return new IllegalArgumentException(method + " via " + via.name()
                + ": that context is a Python interpreter, and Python Mitogen has no such method");
    }

    private Attempt viaPython(Context via, ConnectionMethod method, ContextOptions common) {
        PythonMethod forPython = method instanceof LaunchMethod launching ? launching.forPython() : null;
        if (forPython == null) {
            throw noMethodOfPython(method, via);
        }
        return pythonSupport()
                .via(
                        via,
                        (LaunchMethod) method,
                        forPython,
                        common.isPython() ? null : jvmBelowPython((LaunchMethod) method));
    }

    /** Returns what a Python interpreter needs to start a JVM: the words of its command, its settings, and the core. */
    private List<Object> jvmBelowPython(LaunchMethod method) {
        ContextOptions common = method.common();
        List<String> words = BootCommand.ofJvm(common.java(), processName(method), common.jvmOptions())
                .shellWords();
        Map<String, Object> child = settingsOf(common, "");
        child.put(PythonSupport.PYTHON_PARENT, true);
        // not all methods have a shell that knows the first word, `exec`
        return List.of(words.subList(1, words.size()), Kwargs.copyOf(child), core());
    }

    /** Begins to start a context in this process. */
    public CompletableFuture<Context> connectGuest(ContextOptions options) {
        return attempt(new GuestConnection(this, options));
    }

    private CompletableFuture<Context> attempt(Attempt attempt) {
        Broker broker = router().broker();
        CompletableFuture<Context> result = attempt.result();
        broker.defer(() -> enter(attempt));
        result.whenComplete((context, failure) -> broker.tryDefer(
                () -> attempt.fail(ConnectException.Reason.CANCELLED, "the caller gave the attempt up")));
        return result;
    }

    @BrokerThread
    private void enter(Attempt attempt) {
        if (closed) {
            attempt.onShutdown();
            return;
        }
        try {
            router().broker().join(attempt);
        } catch (BrokerClosedException e) {
            attempt.onShutdown();
            return;
        }
        asked = attempts.isEmpty() ? connections.size() + 1 : asked + 1;
        attempts.add(attempt);
        queues.computeIfAbsent(
                        attempt.starterId(),
                        // a Python interpreter connects one context after another
                        id -> new AttemptQueue<>(pythons.contains(id) ? 1 : attemptsAtATime(), this::begin))
                .enter(attempt);
    }

    private int attemptsAtATime() {
        Object chosen = settings.inherited().get(ATTEMPTS_AT_A_TIME);
        return Math.max(1, ((Number) chosen).intValue());
    }

    private void begin(Attempt attempt) {
        if (closed) {
            attempt.onShutdown();
            return;
        }
        try {
            attempt.onBegin();
        } catch (RuntimeException e) { // the next one must begin all the same
            attempt.fail(ConnectException.Reason.START_REFUSED, "it could not begin: " + e);
        }
    }

    /** An attempt is over, well or not: the next one may begin. */
    @BrokerThread
    void onOver(Attempt attempt) {
        router().broker().leave(attempt);
        attempts.remove(attempt);
        peerTurns.leave(attempt);
        AttemptQueue<Attempt> queue = queues.get(attempt.starterId());
        if (queue != null) {
            queue.leave(attempt);
            if (queue.isEmpty()) {
                queues.remove(attempt.starterId(), queue);
            }
        }
    }

    /** Fails the attempts that are under way, and all later ones. */
    public void cancelAttempts() {
        router().broker().tryDefer(() -> {
            closed = true;
            for (Attempt attempt : attempts.toArray(new Attempt[0])) {
                attempt.onShutdown();
            }
        });
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

    /** Runs the part of an attempt that may take long, on a thread of its own; the attempt fails with whatever that throws. */
    void launch(Attempt attempt, Runnable task) {
        try {
            launchExecutor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    failLaunch(attempt, NOT_STARTED + e, e);
                }
            });
        } catch (RuntimeException | Error e) { // no thread can be had
            failLaunch(attempt, NOT_STARTED + e, e);
        }
    }

    /** Fails an attempt whose process could not be started, and says so when the system ran out of something. Any thread. */
    void failLaunch(Attempt attempt, String text, Throwable failure) {
        Shortage shortage = Shortage.behind(failure);
        router().broker().tryDefer(() -> {
            if (shortage == null) {
                attempt.fail(ConnectException.Reason.START_REFUSED, text);
            } else {
                int up = connections.size();
                attempt.fail(shortage.reason(), text + "; " + shortage.describe(up, asked));
            }
        });
    }

    /** Returns what runs tasks that may wait. */
    Executor launchExecutor() {
        return launchExecutor;
    }

    AskPass askPass() {
        return askPass;
    }

    @BrokerThread
    PeerTurns<Attempt> peerTurns() {
        return peerTurns;
    }

    /** Tells whether more than one attempt is under way or waits. */
    @BrokerThread
    boolean hasOtherAttempts() {
        return attempts.size() > 1;
    }

    @BrokerThread
    ProcessTree processTree() {
        return processTree;
    }

    ProcessStarter starter() {
        return Boolean.TRUE.equals(settings.inherited().get("pumped")) ? ProcessStarter.PUMPED : ProcessStarter.best();
    }

    byte[] core() {
        return settings.corePayload();
    }

    /** Returns how the context {@code id} is made of its process. On a launch thread. */
    Boot bootOf(LaunchMethod method, int id) {
        Identity identity = identityOf(id);
        return method.common().isPython()
                ? pythonSupport().boot(method, identity, settingsOf(method.common(), ""))
                : new JvmBoot(method, identity, this::core);
    }

    private synchronized PythonSupport pythonSupport() {
        if (pythonSupport == null) {
            pythonSupport = PythonSupport.of(this);
        }
        return pythonSupport;
    }

    /** Tells whether the context at the other end of {@code link} is known to be a Python interpreter. Any thread. */
    public boolean isPython(Link link) {
        return pythons.contains(link.peerId());
    }

    boolean isPython(Context context) {
        return pythons.contains(context.id());
    }

    /** Returns what answers the requests for classes in a child that became a parent; null in a master. */
    public @Nullable MessageHandler classRequests() {
        return classRequests;
    }

    /** Returns what tells a master and a child that became a parent apart. */
    public Settings settings() {
        return settings;
    }

    /** Returns the name of this context, for messages. */
    String ownName() {
        Context own = contexts.get(router().identity().id(), null);
        return router().identity().isMaster() ? "the master" : own.name();
    }

    /** Returns the step to a context that this one connects itself. */
    Hop hopTo(String method) {
        return Hop.of(
                method, ownName(), contexts.get(router().identity().id(), null).path());
    }

    private String ownPath() {
        return router().identity().isMaster() ? HostName.user() + "@" + HostName.get() : ownName();
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
        child.put(PythonSupport.PYTHON_PARENT, false);
        if (options.debug()) {
            child.put("log_level", Math.min(Log.DEBUG, ((Number) child.get("log_level")).intValue()));
        }
        return child;
    }

    /** A child wants to outlive its link; it waits for an answer, whatever it is. Python's {@code ExternalContext.detach} asks. */
    private void onDetaching(Message message, @Nullable Link from) {
        if (from == null && message.isDead()) {
            onRouterEnd();
            return;
        }
        Connection connection = from == null ? null : connections.get(from);
        if (connection == null || message.isDead()) {
            return;
        }
        if (connection.onDetaching()) {
            router().reply(message, PickleWriter.toBytes("value", null));
        } else {
            from.log().violation("repeated detachings", from + " detaches again, and gets no answer");
        }
    }

    /** Has a process outlive this one, with those below it. A master ends no processes but those that it watches. */
    void spare(ProcessHandle process) {
        ChildContext child = settings.child();
        if (child != null) {
            child.spare(process);
        }
    }

    @BrokerThread
    void watch(Link link, Connection connection) {
        connections.put(link, connection);
    }

    /** Notes that a context is a Python interpreter. Inside a turn, when it has just become known. */
    @BrokerThread
    void notePython(int contextId) {
        pythons.add(contextId);
    }

    @BrokerThread
    Context onChildUp(Link link, String name, Hop hop) {
        Context context = contexts.get(link.peerId(), name);
        contexts.path(context, hop.path());
        routes.onChildUp(link, name);
        return context;
    }

    /** Makes {@code stream} the link to a program that joins with the authority of this context, and cannot have children. */
    @BrokerThread
    public Link onClientUp(Stream stream, int contextId, String name) {
        Link link = router().connectChild(stream, contextId);
        link.fixAuth(router().identity().id());
        contexts.get(contextId, name);
        routes.onClientUp(link);
        return link;
    }

    @BrokerThread
    void logLine(int contextId, String name, String line) {
        settings.onErrorLine(contextId, name, line);
    }

    /** Gives a context to who wanted it, outside of any turn and beside all others: who gets it may use it there. */
    void deliver(Attempt attempt, Context context) {
        execute(contexts.newLane(), () -> {
            if (!attempt.result().complete(context)) {
                context.shutdown(); // nobody wants it any more
            }
        });
    }

    /** Tells a failure to who waits for the attempt, outside of any turn, one after another: there may be hundreds at once. */
    void deliver(Attempt attempt, Throwable failure) {
        execute(failures, () -> completeOnFullHeap(attempt.result(), failure));
    }

    private static void completeOnFullHeap(CompletableFuture<Context> result, Throwable failure) {
        while (!result.isDone()) {
            try {
                result.completeExceptionally(failure);
            } catch (OutOfMemoryError expected) { // a caller waits; this thread can retry until there is room
                Thread.interrupted(); // or the next would not wait
                LockSupport.parkNanos(CALLBACK_RETRY_NS);
            }
        }
    }

    /** Runs what reads an answer, outside of any turn. */
    void read(Runnable task) {
        execute(readers, task);
    }

    @BrokerThread
    private void execute(Executor lane, Runnable task) {
        try {
            lane.execute(task);
        } catch (RuntimeException | Error e) { // no thread can be had at the moment, but somebody waits
            if (routerEnded) {
                task.run();
                return;
            }
            undelivered.add(task);
            router().log().error("no thread for a callback, trying again: " + e);
            router().broker().after(CALLBACK_RETRY_NS, () -> {
                if (undelivered.remove(task)) {
                    execute(lane, task);
                }
            });
        }
    }

    /** Delivers the remaining results here: no timer fires any more. */
    private void onRouterEnd() {
        routerEnded = true;
        launchExecutor.setKeepAliveTime(1, TimeUnit.NANOSECONDS); // whoever closed the router waits for these threads
        contexts.drain();
        while (!undelivered.isEmpty()) {
            Runnable task = undelivered.iterator().next();
            task.run();
            undelivered.remove(task);
        }
    }

    @Override
    public void onContextGone(int contextId, Link over, String reason) {
        pythons.remove(contextId);
    }

    @Override
    public void onLinkGone(Link link, String reason) {
        Connection connection = connections.remove(link);
        if (connection != null) {
            connection.onLinkGone();
        }
    }
}
