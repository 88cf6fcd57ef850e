// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.boot;

import io.mitogen.core.AnyThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.Contexts;
import io.mitogen.core.call.Dispatcher;
import io.mitogen.core.load.ImportedClassLoader;
import io.mitogen.core.log.LogSender;
import io.mitogen.core.log.ProcessLog;
import io.mitogen.core.log.StdioCapture;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.BrokerListener;
import io.mitogen.core.loop.PumpReceiveSide;
import io.mitogen.core.loop.PumpTransmitSide;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.route.Identity;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Builds a child out of its configuration and runs it: broker, router, importer, dispatcher, then the link to the parent, then
 * calls until the end.
 */
public final class ChildMain implements ChildContext.Launcher, RouterListener, BrokerListener {
    /** How long a child waits for its own children when it ends, in milliseconds; Python's is the same. */
    private static final long GRACE_MS = 3_000;

    private static final byte[] READY = "MITO002\n".getBytes(StandardCharsets.US_ASCII);

    private final ChildConfig config;
    private final byte[] payload;
    private final LogSender logs;
    private final Router router;
    private final ChildContext child;
    private final ModuleLink modules;
    private final ImportedClassLoader loader;
    private final Dispatcher dispatcher;
    private volatile Runnable onEnd = new Runnable() {
        @Override
        public void run() {}
    };

    private ChildMain(ChildConfig config, byte[] payload) {
        this.config = config;
        this.payload = payload;
        this.logs = new LogSender(config.logLevel());
        Broker broker = Broker.start("broker", GRACE_MS, logs);
        Router.Settings settings = new Router.Settings(config.maxMessageBytes(), config.isUnidirectional());
        this.router = new Router(broker, config.identity(), settings, logs);
        this.modules = new ModuleLink(
                router, config.isParentPython(), Runtime.version().feature());
        this.loader = new ImportedClassLoader(ChildMain.class.getClassLoader(), config.classPath(), modules.importer());
        handOver(loader);
        Thread.currentThread().setContextClassLoader(loader); // which callbacks get from here, too
        Contexts contexts = new Contexts(router);
        Context self = contexts.get(config.identity().id(), config.name());
        contexts.get(Identity.MASTER, "master");
        contexts.worlds(modules.importer());
        this.child = new ChildContext(contexts, self, this, loader);
        this.dispatcher = new Dispatcher(child);
        addHandlers();
        router.listeners().add(this);
        broker.listeners().add(this);
    }

    /**
     * The loader of this class has the core's classes that every child needs; the others come as any resource does. It also
     * makes {@code loader} what the JVM takes for its system class loader, in a process that was started for this child.
     */
    @SuppressWarnings("unchecked") // CoreLoader, which this may not know
    private static void handOver(ClassLoader loader) {
        ClassLoader own = ChildMain.class.getClassLoader();
        if (own instanceof Consumer) {
            ((Consumer<Object>) own).accept(loader);
        }
    }

    /** Runs a child that owns its process; called by {@link CoreLoader}. Does not return, unless it fails. */
    public static void main(InputStream in, OutputStream out, InputStream stdout, byte[] config, byte[] payload)
            throws IOException {
        ChildMain main = new ChildMain(ChildConfig.fromBytes(config), payload);
        Shutdown shutdown = new Shutdown(main.child, in);
        main.onEnd = new Runnable() {
            @Override
            public void run() {
                shutdown.begin();
            }
        };
        shutdown.dispatcher(main.dispatcher);
        FatalErrors.install(main.router.log().named("mitogen"));
        ProcessLog.install(main.logs);
        main.loader.beforeLogging(new LoggingSetup(main.loader, main.router.log()));
        shutdown.capture(StdioCapture.install(main.logs, interruptible(stdout)));
        Thread.currentThread().setName("mitogen.main");
        try {
            main.run(in, out);
        } finally {
            shutdown.begin();
        }
        Shutdown.awaitEnd();
    }

    /**
     * Returns a stream whose close ends a read under way: a JVM whose threads are blocked in a plain file's read takes 300 ms
     * more to end.
     */
    private static InputStream interruptible(InputStream in) {
        return in instanceof FileInputStream ? Channels.newInputStream(((FileInputStream) in).getChannel()) : in;
    }

    /**
     * Runs a child that is a guest in somebody's process: it leaves the process's streams alone and does not end it. Called by
     * reflection, across class loaders, on a thread of the child's own. Returns when that has nothing more to do; then the
     * child ends.
     *
     * @param watch hears of all threads that the child starts: see {@link io.mitogen.core.concurrent.Threads#watch}
     */
    public static void runAsGuest(
            InputStream in, OutputStream out, byte[] config, byte[] payload, BiConsumer<Object, Thread> watch)
            throws IOException {
        ChildMain main = new ChildMain(ChildConfig.fromBytes(config), payload);
        Broker broker = main.router.broker();
        broker.threads().watch(watch);
        broker.threads().told(broker, broker.thread());
        GuestShutdown shutdown = new GuestShutdown(main.router, main.dispatcher, in, out);
        main.onEnd = new Runnable() {
            @Override
            public void run() {
                shutdown.begin();
            }
        };
        try {
            main.run(in, out);
        } finally {
            main.child.contexts().drain();
            shutdown.begin();
        }
    }

    private void run(InputStream in, OutputStream out) throws IOException {
        out.write(READY);
        out.flush();
        router.broker().runInTurn(new Runnable() {
            @Override
            public void run() {
                openLink(in, out);
            }
        });
        logs.uncork(router);
        dispatcher.run();
    }

    private void openLink(InputStream in, OutputStream out) {
        try {
            router.connectParent(new PumpReceiveSide(in), new PumpTransmitSide(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addHandlers() {
        Policy fromParents = Policy.parentAuthority(router.identity());
        router.addHandler(Registration.of(new MessageHandler() {
                    @Override
                    public void onMessage(Message message, @Nullable Link from) {
                        onEnd.run();
                    }
                })
                .on(Handles.SHUTDOWN)
                .policy(fromParents));
        router.addHandler(Registration.of(new MessageHandler() {
                    @Override
                    public void onMessage(Message message, @Nullable Link from) {
                        onRouteDeleted(message);
                    }
                })
                .on(Handles.DEL_ROUTE)
                .policy(Policy.IMMEDIATE_PEER));
    }

    private void onRouteDeleted(Message message) {
        if (message.isDead()) {
            return; // the router ends
        }
        String id = message.text();
        int colon = id.indexOf(':');
        try {
            router.deleteRoute(Integer.parseUnsignedInt(colon < 0 ? id : id.substring(0, colon)), "its parent lost it");
        } catch (NumberFormatException e) {
            router.log().error("DEL_ROUTE without a valid id: " + message);
        }
    }

    // == For children of this child ==

    @Override
    @AnyThread
    public byte[] corePayload() {
        return payload;
    }

    @Override
    @AnyThread
    public Kwargs inherited() {
        return config.settings();
    }

    // == The end ==

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        if (link == router.parent()) {
            modules.importer().onUpstreamLost("the link to the parent is lost: " + reason);
            onEnd.run();
        }
    }

    @Override
    public void onShutdown() {}

    @Override
    public void onExit(String reason) {
        onEnd.run(); // first: the process must end even when there is no memory for the rest
        dispatcher.stop(reason); // before the importer, so that a call that then misses a class is blamed on the end
        modules.importer().onUpstreamLost(reason);
    }
}
