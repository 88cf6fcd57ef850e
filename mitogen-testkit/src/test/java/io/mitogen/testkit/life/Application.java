// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.life;

import io.mitogen.connect.InProcess;
import io.mitogen.connect.Local;
import io.mitogen.core.call.CallException;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.PythonFunction;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.python.PythonOptions;
import io.mitogen.ssh.Ssh;
import io.mitogen.unix.UnixClient;
import io.mitogen.unix.UnixListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * Programs that bring the library with them, as a web application does. {@link ApplicationEndIT} loads this class and the library
 * anew for each of them.
 */
public final class Application {
    private static final int MANY = 6;

    private Application() {}

    static int deepEnough(int count) {
        return count + 1;
    }

    static void fail() {
        throw new IllegalStateException("as ordered");
    }

    private static void use(Context context) {
        context.call(Application::deepEnough, 1);
        context.callAsync(Application::deepEnough, 2).thenAccept(count -> {}).join();
        try {
            context.call(Application::fail);
        } catch (CallException expected) {
            // as ordered
        }
    }

    public static void local() throws Exception {
        Mitogen.run(router -> use(router.local()));
    }

    /** Some at once, which takes more of the JDK's threads, and one below another. */
    public static void tree() throws Exception {
        Mitogen.run(router -> {
            List<CompletableFuture<Context>> attempts = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                attempts.add(router.connectAsync(Local.create()));
            }
            for (CompletableFuture<Context> attempt : attempts) {
                use(attempt.join());
            }
            use(router.connect(Local.create().via(attempts.get(0).join())));
        });
    }

    public static void pumped() throws Exception {
        Mitogen.run(RouterOptions.DEFAULT.withPumped(true), router -> use(router.local()));
    }

    public static void guests() throws Exception {
        Mitogen.run(router -> {
            Context guest = router.connect(InProcess.create());
            use(guest);
            use(router.connect(InProcess.create().via(guest)));
        });
    }

    public static void failures() throws Exception {
        Mitogen.run(router -> {
            expectFailure(router, Local.create().java("/bin/false"));
            expectFailure(router, Local.create().java("/nonexistent/java"));
            expectFailure(router, Local.create().jvmOptions("-Xmx1k"));
            expectFailure(router, Ssh.to("127.0.0.1").port(1));
            CompletableFuture<Context> givenUp = router.connectAsync(Local.create());
            givenUp.cancel(true);
        });
    }

    private static void expectFailure(MasterRouter router, io.mitogen.core.call.ConnectionMethod method) {
        try {
            router.connect(method);
            throw new AssertionError("connected: " + method);
        } catch (ConnectException expected) {
            // as ordered
        }
    }

    /** Closes while processes are being started: what was started then is nobody's. */
    public static void closedInTheMiddle() throws Exception {
        Mitogen.run(router -> {
            for (int i = 0; i < MANY; i++) {
                router.connectAsync(Local.create());
            }
        });
    }

    public static void python() throws Exception {
        Mitogen.run(router ->
                router.connect(Local.create().python("/usr/bin/python3")).call("os", "getpid"));
    }

    public static void listener() throws Exception {
        Mitogen.run(router -> {
            Context context = router.local();
            UnixListener listener = UnixListener.open(router);
            try (UnixClient client = UnixClient.connect(listener.path())) {
                client.onGone(reason -> {});
                client.context(context.id())
                        .callAsync(Application::deepEnough, 1)
                        .join();
            }
        });
    }

    /** Two routers of one broker; the one that is closed must not wait for the other, nor leave anything. */
    public static void brokerOnly() {
        Broker broker = Mitogen.startBroker();
        MasterRouter first = new MasterRouter(broker);
        MasterRouter second = new MasterRouter(broker);
        use(first.local());
        use(second.local());
        first.close();
        broker.close();
    }

    /** Returns the process of a Python context that went its own way, and sleeps. */
    public static long detached() throws Exception {
        Path folder = Files.createTempDirectory("mitogen-detached");
        Path said = folder.resolve("pid");
        Files.writeString(folder.resolve("own_way.py"), """
                import os, time
                import mitogen.core
                @mitogen.core.takes_econtext
                def go(path, econtext):
                    econtext.detach()
                    with open(path + '.new', 'w') as out:
                        out.write('%d' % os.getpid())
                    os.rename(path + '.new', path)
                    time.sleep(600)
                """);
        PythonOptions options = PythonOptions.DEFAULT.withSearchPath(List.of(folder));
        Mitogen.run(RouterOptions.DEFAULT.withPython(options), router -> {
            Context python = router.connect(Local.create().python("/usr/bin/python3"));
            python.callAsync(PythonFunction.of("own_way", "go"), said.toString());
            Eventually.until(Trees.SOON, () -> Files.exists(said));
        });
        long pid = Long.parseLong(Files.readString(said));
        for (Path each : List.of(said, folder.resolve("own_way.py"), folder)) {
            Files.delete(each);
        }
        return pid;
    }

    /** Works on a broker that outlives it. */
    public static void onBroker(Broker broker) {
        try (MasterRouter router = new MasterRouter(broker)) {
            use(router.local());
            use(router.connect(InProcess.create()));
            UnixListener.open(router).close();
        }
    }

    /** Is used on threads of the caller's, which live on. */
    public static void pooled() throws Exception {
        Mitogen.run(router -> {
            Context context = router.local();
            var pool = Executors.newFixedThreadPool(2);
            try {
                pool.submit(() -> use(context)).get();
            } finally {
                pool.shutdown();
                pool.awaitTermination(Trees.SOON.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Starts contexts that live until the result is closed. */
    public static AutoCloseable living() {
        Broker broker = Mitogen.startBroker();
        MasterRouter router = new MasterRouter(broker);
        for (int i = 0; i < 2 * MANY; i++) {
            use(router.local());
        }
        return () -> {
            router.close();
            broker.close();
        };
    }
}
