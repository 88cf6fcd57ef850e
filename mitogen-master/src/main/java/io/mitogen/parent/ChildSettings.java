// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.parent;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.ImportedClassLoader;
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
import io.mitogen.relay.ChildIdAllocator;
import io.mitogen.relay.ClassForwarder;
import io.mitogen.relay.GrantWatch;
import io.mitogen.relay.IdAllocator;
import io.mitogen.relay.OpenRequests;
import io.mitogen.relay.RouteGuard;
import io.mitogen.relay.ShortMessages;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.InflaterInputStream;

/** What a child that became a parent does in a parent's place: it asks its own parent. */
final class ChildSettings implements Parenthood.Settings {
    /** After so long it is said how many lines were dropped. */
    private static final long SAY_DROPPED_NS = 10_000_000_000L;

    private final ChildContext child;
    private final IdAllocator ids;
    private final RouteGuard guard;
    private long droppedLines; // inside turns

    /** When so much waits for the parent, lines of standard error are dropped, as a master drops what its handlers do not take. */
    long maxWaitingBytes = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16); // tests have it smaller

    /** Inside a turn. */
    ChildSettings(ChildContext child) {
        this.child = child;
        this.ids = new ChildIdAllocator(child);
        this.guard = new GrantWatch(child.router());
    }

    @Override
    public IdAllocator ids() {
        return ids;
    }

    @Override
    public RouteGuard guard() {
        return guard;
    }

    @Override
    public byte[] corePayload() {
        return child.launcher().corePayload();
    }

    @Override
    public Kwargs inherited() {
        return child.launcher().inherited();
    }

    @Override
    public ChildContext child() {
        return child;
    }

    @Override
    public byte[] pythonRuntime() {
        Object core = inherited().get(PythonSupport.PYTHON_CORE);
        return core instanceof byte[] ? inheritedRuntime((byte[]) core) : fetchedRuntime();
    }

    /** Returns what the Python master at the top of the tree runs itself. */
    private byte[] inheritedRuntime(byte[] core) {
        String version = inherited().get(PythonSupport.PYTHON_VERSION) + "\n";
        ByteArrayOutputStream runtime = new ByteArrayOutputStream();
        runtime.writeBytes(version.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(core))) {
            in.transferTo(runtime);
        } catch (IOException e) {
            throw new UncheckedIOException("the mitogen.core that this context inherited cannot be inflated", e);
        }
        return runtime.toByteArray();
    }

    private byte[] fetchedRuntime() {
        try (InputStream in = child.loader().getResourceAsStream(PythonSupport.RUNTIME)) {
            if (in != null) {
                return in.readAllBytes();
            }
        } catch (IOException expected) {
            // as when there is none
        }
        throw new BootRefusedException(
                ConnectException.Reason.NO_PYTHON_MITOGEN,
                "the master has no Mitogen for Python, which is asked for as " + PythonSupport.RUNTIME);
    }

    /**
     * Sends the line as the child's own log record: the ancestors accept that, because it lives behind this context. Once it is
     * gone they do not, so the last words of a child are reported by its parent.
     */
    @Override
    public void onErrorLine(int contextId, String name, String line) {
        Router router = child.router();
        if (router.parent().stream().queuedBytes() > maxWaitingBytes) {
            if (droppedLines++ == 0) {
                router.broker().after(SAY_DROPPED_NS, this::sayDropped);
            }
            return;
        }
        String head = "stderr\0" + Log.INFO + "\0";
        if (router.route(contextId) == null) {
            router.send(Message.text(Identity.MASTER, Handles.FORWARD_LOG, head + name + ": " + line));
        } else {
            router.sendFor(contextId, Message.text(Identity.MASTER, Handles.FORWARD_LOG, head + line));
        }
    }

    private void sayDropped() {
        child.router()
                .log()
                .warning(
                        droppedLines + " lines that children wrote to their standard error were dropped: they cannot be"
                                + " passed on so fast");
        droppedLines = 0;
    }

    /** Answers GET_MODULE of this context's children; returns what does, for who takes some of the requests away from it. */
    static MessageHandler forwardClasses(ChildContext child) {
        Router router = child.router();
        OpenRequests open = OpenRequests.ofRelay(router);
        ClassForwarder forwarder = new ClassForwarder(((ImportedClassLoader) child.loader()).importer());
        MessageHandler requests = new MessageHandler() {
            @Override
            public void onMessage(Message message, @Nullable Link from) {
                if (!message.isDead() && open.add(from, message.length())) {
                    String name = message.text();
                    forwarder.onRequest(ClassImage.pathIn(name), from, new ImageListener() {
                        @Override
                        public void onImage(ClassImage image) {
                            if (image.path().equals(ClassImage.pathIn(name))) { // related images go ahead of it
                                open.remove(from, message.length());
                            }
                            sendImage(router, from, image.answering(name));
                        }
                    });
                }
            }
        };
        router.addHandler(Registration.of(requests)
                .on(Handles.GET_MODULE)
                .policy(new ShortMessages(
                        "a request for a class whose name has", ClassImage.MAX_PATH_BYTES, Policy.IMMEDIATE_PEER)));
        router.listeners().add(new RouterListener() {
            @Override
            public void onContextGone(int contextId, @Nullable Link over, String reason) {}

            @Override
            public void onLinkGone(Link link, String reason) {
                forwarder.forget(link);
            }
        });
        return requests;
    }

    private static void sendImage(Router router, Link to, ClassImage image) {
        if (to.stream().isClosed()) {
            return;
        }
        try {
            router.answer(to, Message.to(to.peerId(), Handles.LOAD_MODULE, Handles.NONE, image.encode()));
        } catch (OutOfMemoryError e) { // this may be a turn of the parent's link
            to.stream().close("no memory for " + image.path() + ", which it asked for");
        }
    }
}
