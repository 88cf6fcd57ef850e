// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.connect.Local;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.ConnectionMethod;
import io.mitogen.core.call.Connector;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.call.Receiver;
import io.mitogen.core.concurrent.Signal;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.Crew;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.parent.BootRefusedException;
import io.mitogen.parent.Bundle;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.PythonSupport;
import io.mitogen.python.MitogenPackage;
import io.mitogen.python.PythonModuleFinder;
import io.mitogen.python.PythonModuleResponder;
import io.mitogen.python.PythonModuleService;
import io.mitogen.python.ResourceForm;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.RouteGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The root of a tree of contexts and the entry point of a program: it starts contexts, ships classes to them and receives their
 * logs. Any thread. Several routers may share a broker: each is a tree, and so a domain of trust, of its own.
 */
public final class MasterRouter implements Connector, AutoCloseable {
    /** How long a handler may still be at work on one log record when the router closes. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(2);

    private final Router router;
    private final Contexts contexts;
    private final MasterLog log = new MasterLog();
    private final RouterOptions options;
    private final Crew crew;
    private final MasterIdAllocator ids;
    private final Signal<Runnable> closing = new Signal<>();
    private volatile boolean closed;
    private volatile boolean debug;
    private final ClassFinder finder = new ClassFinder();
    private final LogReceiver logs;
    private final Parenthood parenthood;
    private final Object pythonLock = new Object();
    private volatile @Nullable MitogenPackage pythonPackage; // set under pythonLock
    private volatile @Nullable BootRefusedException noPythonPackage; // last time; set under pythonLock

    /**
     * Makes a router with nothing chosen.
     *
     * @throws IllegalArgumentException when the variable {@code MITOGEN_LOG_LEVEL} names no level
     */
    public MasterRouter(Broker broker) {
        this(broker, RouterOptions.DEFAULT);
    }

    public MasterRouter(Broker broker, RouterOptions options) {
        this.options = options;
        this.debug = options.debug();
        this.crew = Crew.of(broker);
        Router.Settings settings = new Router.Settings(options.maxMessageBytes(), options.unidirectional());
        router = new Router(broker, new Identity(Identity.MASTER), settings, log);
        contexts = new Contexts(router);
        logs = new LogReceiver(contexts, log);
        ids = new MasterIdAllocator(router);
        finder.add(Bundle.LIST, ShippedLibrary::parentClasses);
        finder.add(ShippedLibrary.REST_PATH, ShippedLibrary::coreRest);
        finder.add(PythonSupport.RUNTIME, this::pythonRuntime);
        contexts.worlds(finder.called());
        ClassResponder responder = new ClassResponder(finder, options.imports(), options.maxMessageBytes());
        PythonModuleService python = new PythonModuleService(
                router, contexts.newLane(), this::isPython, this::resourceForm, this::pythonResponder);
        new ModuleService(router, responder, contexts.newLane(), python);
        if (log.isEnabled(Log.IO)) {
            router.tap(new TapPrinter(log));
        }
        Parenthood[] made = new Parenthood[1];
        broker.runInTurn(() -> made[0] = new Parenthood(contexts, new MasterSettings()));
        parenthood = made[0];
    }

    /** Lets all contexts that are started from now on log everything, as {@link RouterOptions#debug} does from the start. */
    public void enableDebug() {
        debug = true;
    }

    /** Starts a context on this machine with nothing chosen; see {@link #connect}. */
    public Context local() {
        return connect(Local.create());
    }

    /**
     * Starts a context and waits until it is ready.
     *
     * @throws ConnectException when it cannot be started; says how far it came
     */
    public Context connect(ConnectionMethod method) {
        String what = "connecting " + method;
        Receiver.refuseInTurn(router, what);
        try {
            return Connector.await(connectAsync(method), what);
        } catch (ConnectException e) {
            e.addSuppressed(new ConnectCall("connect(" + method + ") was called here"));
            throw e;
        }
    }

    /**
     * Begins to start many contexts; the results come one by one, in the order in which the attempts end, failures among them.
     * {@link RouterOptions#attemptsAtATime} limits how many are under way at a time.
     */
    public ConnectResults connectAll(Collection<? extends ConnectionMethod> methods) {
        return ConnectResults.begin(router, this, methods);
    }

    /** As {@link #connectAll(Collection)}; each result has the key of its method, such as the name of a host. */
    public <K> KeyedResults<K> connectAll(Map<K, ? extends ConnectionMethod> methods) {
        return KeyedResults.begin(router, this, methods);
    }

    /**
     * Begins to start a context and returns at once. Hundreds may be asked for together: so many as
     * {@link RouterOptions#attemptsAtATime} says are under way at a time, the others wait, and the time of an attempt runs from
     * its own beginning.
     */
    @Override
    public CompletableFuture<Context> connectAsync(ConnectionMethod method) {
        return parenthood.connectAsync(method);
    }

    /** Returns the context {@code id} of this tree, known or not; 0 is this master. */
    public Context context(int id) {
        return contexts.get(id, null);
    }

    /** Opens a mailbox for messages of any context. */
    public Receiver receiver() {
        return Receiver.open(contexts);
    }

    /** Returns the loaders that are searched for classes, to add more. */
    public ClassFinder classes() {
        return finder;
    }

    private byte[] pythonRuntime() {
        try {
            return pythonPackage().runtime();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the Mitogen for Python that is sent to Python contexts. It is looked for until it is found: an interpreter that was
     * too slow to answer may be in time at the next attempt. Those that wait meanwhile share the failure: if each asked anew, one
     * after another, those that ask would leave no launch thread to others for minutes.
     */
    private MitogenPackage pythonPackage() {
        BootRefusedException before = noPythonPackage;
        synchronized (pythonLock) {
            if (pythonPackage == null) {
                if (noPythonPackage != before) {
                    throw noPythonPackage;
                }
                try {
                    pythonPackage = MitogenPackage.of(options.python());
                } catch (BootRefusedException e) {
                    noPythonPackage = e;
                    throw e;
                }
            }
            return pythonPackage;
        }
    }

    private PythonModuleResponder pythonResponder() {
        PythonModuleFinder modules = PythonModuleFinder.of(options.python(), pythonPackage(), router.log()::warning);
        return new PythonModuleResponder(
                modules, (link, text) -> ((Link) link).log().log(Log.WARNING, "modules and files not sent", text));
    }

    /** Returns what Python contexts take. There are none before the package was found. */
    private ResourceForm resourceForm() {
        MitogenPackage found = pythonPackage;
        return found == null ? ResourceForm.TWO_PICKLES : found.resourceForm();
    }

    private boolean isPython(Link link) {
        return parenthood.isPython(link);
    }

    /** Returns the router itself, for the library's own modules. */
    public Router router() {
        return router;
    }

    /** Returns an id that no other context of this tree has, for the library's own modules. */
    public int allocateId() {
        return ids.allocate();
    }

    /** Takes in a program that joins this tree over {@code stream}, with this master's authority; for the library's own modules. */
    @BrokerThread
    public void onClientUp(Stream stream, int contextId, String name) {
        parenthood.onClientUp(stream, contextId, name);
    }

    /** Returns what runs when this router begins to close, before any context is asked to end; for the library's own modules. */
    public Signal<Runnable> closing() {
        return closing;
    }

    /** Tells whether this router has begun to close. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Ends all contexts of this tree in order; the broker, which others may share, goes on. Takes at most the broker's grace time,
     * and six seconds more if log handlers are slow: records that wait after five seconds are dropped and counted. Last it waits for
     * the threads of this router, two seconds at most, unless it was called on one of them: callbacks that have not returned by
     * then are logged.
     */
    @Override
    public void close() {
        closed = true;
        try {
            cancelAll();
        } finally { // on a full heap any of these may fail, and the others must run
            try {
                router.close();
            } finally {
                if (!router.broker().inTurn()) { // nobody may wait there
                    logs.flush(LOG_PATIENCE);
                }
                crew.await(router);
            }
        }
    }

    private void cancelAll() {
        for (Runnable listener : closing.listeners()) {
            try {
                listener.run();
            } catch (RuntimeException e) { // the contexts must end all the same
                router.log().error("a listener failed when its router closed", e);
            }
        }
        parenthood.cancelAttempts();
    }

    /** Where a connect was called, beside the attempt's own failure. */
    private static final class ConnectCall extends RuntimeException {
        private static final long serialVersionUID = 1;

        ConnectCall(String message) {
            super(message);
        }
    }

    /** A parent that is the root. */
    private final class MasterSettings implements Parenthood.Settings {
        @Override
        public IdAllocator ids() {
            return ids;
        }

        @Override
        public RouteGuard guard() {
            return ids.guard();
        }

        @Override
        public byte[] corePayload() {
            return ShippedLibrary.corePayload();
        }

        @Override
        public Kwargs inherited() {
            Map<String, Object> inherited = new HashMap<>();
            inherited.put("unidirectional", options.unidirectional());
            inherited.put("max_message_size", options.maxMessageBytes());
            inherited.put("log_level", debug ? Math.min(Log.DEBUG, log.threshold()) : log.threshold());
            inherited.put("pumped", options.pumped());
            inherited.put(Parenthood.ATTEMPTS_AT_A_TIME, options.attemptsAtATime());
            return Kwargs.copyOf(inherited);
        }

        @Override
        public @Nullable ChildContext child() {
            return null;
        }

        @Override
        public byte[] pythonRuntime() {
            return MasterRouter.this.pythonRuntime();
        }

        @Override
        public void onErrorLine(int contextId, String name, String line) {
            logs.receive(name, "stderr", Log.INFO, line);
        }
    }
}
