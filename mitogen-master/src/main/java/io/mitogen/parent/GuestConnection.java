// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.AnyThread;
import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.boot.ChildConfig;
import io.mitogen.core.boot.ChildMain;
import io.mitogen.core.boot.CoreLoader;
import io.mitogen.core.call.Context;
import io.mitogen.core.concurrent.Threads;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.loop.LineProtocol;
import io.mitogen.core.loop.PumpReceiveSide;
import io.mitogen.core.loop.PumpTransmitSide;
import io.mitogen.core.loop.Stream;
import io.mitogen.core.loop.Timer;
import io.mitogen.core.route.Link;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * One attempt to start a context in this process, as {@link Connection} does in another: its core is loaded once more, and runs on
 * a thread of its own over two pipes in memory.
 */
final class GuestConnection implements Attempt {
    private final Parenthood parenthood;
    private final Broker broker;
    private final ContextOptions options;
    private final Hop hop;
    private final CompletableFuture<Context> result = new CompletableFuture<>();
    private volatile @Nullable Throwable cause; // why the guest ended, if it says so
    private boolean over; // this and all below: inside turns; true when the attempt has ended, well or not
    private boolean failing;
    private @Nullable Timer deadline;
    private @Nullable Stream stream;
    private int contextId;
    private String name = "";

    GuestConnection(Parenthood parenthood, ContextOptions options) {
        this.parenthood = parenthood;
        this.broker = parenthood.router().broker();
        this.options = options;
        this.hop = parenthood.hopTo(options.name() == null ? "InProcess" : "InProcess " + options.name());
    }

    @Override
    @AnyThread
    public CompletableFuture<Context> result() {
        return result;
    }

    @Override
    public int starterId() {
        return parenthood.router().identity().id();
    }

    @Override
    public void onBegin() {
        deadline = broker.after(options.connectTimeout().toNanos(), this::onTimeout);
        parenthood.launch(this, this::launch);
    }

    private void launch() {
        if (result.isDone()) {
            return; // its deadline came while it waited for a launch thread
        }
        try {
            int id = parenthood.ids().allocate();
            String chosen = options.name() == null ? "inprocess." + Integer.toUnsignedString(id) : options.name();
            byte[] payload = parenthood.core();
            byte[] config = ChildConfig.of(parenthood.identityOf(id), parenthood.settingsOf(options, chosen))
                    .toBytes();
            CoreLoader loader = new CoreLoader(ClassLoader.getPlatformClassLoader(), payload);
            MemoryPipe down = new MemoryPipe();
            MemoryPipe up = new MemoryPipe();
            if (!broker.tryDefer(() -> onLaunched(id, chosen, up.source(), down.sink()))) {
                return; // its end told the caller
            }
            told(Threads.daemon("inprocess." + chosen, () -> run(loader, down.source(), up.sink(), config, payload)))
                    .start();
        } catch (IOException | RuntimeException | Error e) {
            parenthood.failLaunch(this, "it could not be started: " + e, e);
        }
    }

    private Thread told(Thread thread) {
        return broker.threads().told(parenthood.router(), thread);
    }

    /** Is the guest's main thread. */
    private void run(CoreLoader loader, InputStream in, OutputStream out, byte[] config, byte[] payload) {
        try {
            loader.loadClass(ChildMain.class.getName())
                    .getMethod(
                            "runAsGuest",
                            InputStream.class,
                            OutputStream.class,
                            byte[].class,
                            byte[].class,
                            BiConsumer.class)
                    .invoke(null, in, out, config, payload, (BiConsumer<Object, Thread>) (owner, made) -> told(made));
        } catch (InvocationTargetException e) {
            cause = e.getCause();
        } catch (ReflectiveOperationException | LinkageError e) {
            cause = e;
        } finally {
            if (cause != null) {
                parenthood.log().log(Log.DEBUG, "a context in this process ended", cause);
                close(in);
                close(out);
            }
        }
    }

    private static void close(AutoCloseable end) {
        try {
            end.close();
        } catch (Exception expected) {
            // the end of a pipe in memory, which cannot fail
        }
    }

    @BrokerThread
    private void onLaunched(int id, String chosen, InputStream in, OutputStream out) {
        contextId = id;
        name = chosen;
        if (over) {
            close(in);
            close(out);
            return;
        }
        stream = new Stream(broker, chosen, new PumpReceiveSide(in), new PumpTransmitSide(out));
        stream.protocol(new Handshake());
        try {
            stream.open();
        } catch (IOException | RuntimeException | Error e) { // each needs a thread
            parenthood.failLaunch(this, "its streams could not be opened: " + e.getMessage(), e);
        }
    }

    /** Waits for the one line that a guest says before its first frame. */
    private final class Handshake extends LineProtocol {
        @Override
        protected void onLine(Stream stream, String line) {
            if (line.equals("MITO002")) {
                onReady(stream);
            } else {
                fail(ConnectException.Reason.BAD_HANDSHAKE, "it said " + line);
            }
        }

        @Override
        public void onClosed(Stream stream, String reason) {
            Throwable known = cause;
            if (known == null) {
                fail(ConnectException.Reason.CANCELLED, reason);
            } else {
                fail(ConnectException.Reason.EXITED, "it ended before it was ready: " + known);
            }
        }
    }

    private void onReady(Stream stream) {
        Link link = parenthood.router().connectChild(stream, contextId);
        parenthood.deliver(this, parenthood.onChildUp(link, name, hop));
        end();
    }

    private void onTimeout() {
        fail(
                ConnectException.Reason.TIMEOUT,
                "it was not ready within " + options.connectTimeout().toMillis() + " ms");
    }

    @Override
    public void fail(ConnectException.Reason reason, String text) {
        if (over || failing) {
            return;
        }
        ConnectException e = hop.failure(reason, text, List.of());
        if (cause != null) {
            e.initCause(cause);
        }
        failing = true; // its stream reports its end here as well
        try {
            if (stream != null) {
                stream.close(reason.toString());
            }
        } finally {
            failing = false;
        }
        parenthood.deliver(this, e);
        end();
    }

    private void end() {
        over = true;
        if (deadline != null) {
            deadline.cancel();
        }
        parenthood.onOver(this);
    }

    @Override
    public String toString() {
        return "connecting " + hop;
    }
}
