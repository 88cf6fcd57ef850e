// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.relay.OpenRequests;
import io.mitogen.relay.ShortMessages;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The master's side of what Python contexts ask for: takes requests off the broker's turn, has them answered, and sends the
 * answers down the link they came on. What JVM contexts ask for on behalf of Python contexts below them it answers in the form
 * that goes between JVMs, {@link PythonImage}. Broker thread, but for the answering.
 */
public final class PythonModuleService implements MessageHandler, RouterListener {
    /** Longest name that is looked for. */
    private static final int MAX_NAME_CHARS = 1000;

    private static final String NOT_SENT = "modules and files not sent";

    private final Router router;
    private final Executor lane;
    private final Predicate<Link> isPython;
    private final Supplier<ResourceForm> form;
    private final Supplier<PythonModuleResponder> maker;
    private final OpenRequests open;
    private @Nullable PythonModuleResponder responder; // on the lane

    /**
     * Adds the handler of GET_RESOURCE.
     *
     * @param lane runs the answering, one request at a time
     * @param isPython tells whether the context at the other end of a link is a Python interpreter
     * @param form what the Python contexts of this tree take; asked inside turns as well
     * @param maker makes the responder when the first request comes, on the lane; what it throws is logged, and tried again
     */
    public PythonModuleService(
            Router router,
            Executor lane,
            Predicate<Link> isPython,
            Supplier<ResourceForm> form,
            Supplier<PythonModuleResponder> maker) {
        this.router = router;
        this.lane = lane;
        this.isPython = isPython;
        this.form = form;
        this.maker = maker;
        this.open = OpenRequests.ofMaster(router);
        router.addHandler(Registration.of(this)
                .on(Handles.GET_RESOURCE)
                .policy(new ShortMessages("a GET_RESOURCE of", LoadResource.MAX_REQUEST_BYTES, null)));
        router.listeners().add(this);
    }

    /** Tells whether a GET_MODULE is about Python: {@link #onGetModule} answers it then. */
    public boolean takes(String name, Link from) {
        return isPython.test(from) ? !ClassImage.isPath(name) : PythonImage.isPath(name);
    }

    /** Answers a GET_MODULE, soon. */
    public void onGetModule(String name, Link from) {
        if (isPython.test(from)) {
            answer(
                    from,
                    name.length(),
                    () -> serveModule(name, from, false),
                    () -> send(from, Handles.LOAD_MODULE, LoadModule.missing(name)));
        } else if (PythonImage.isResource(name)) {
            answer(from, name.length(), () -> serveImage(name, from), () -> sendImage(from, noImage(name)));
        } else {
            answer(
                    from,
                    name.length(),
                    () -> serveModule(PythonImage.moduleOf(name), from, true),
                    () -> sendImage(from, noImage(name)));
        }
    }

    /** Takes a GET_RESOURCE, which only Python contexts send. */
    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead() || from == null) {
            return;
        }
        if (message.src() != from.peerId() && !open.allowsStranger(from)) {
            return; // sent past its parent, which would get the answer and has no use for it
        }
        LoadResource wanted = LoadResource.decode(message.body());
        answer(
                from,
                message.length(),
                () -> send(from, Handles.LOAD_RESOURCE, answer(wanted, from)),
                () -> send(from, Handles.LOAD_RESOURCE, form.get().answer(wanted, null)));
    }

    /** Answers a request of {@code bytes} on the lane. */
    private void answer(Link from, int bytes, Runnable task, Runnable refusal) {
        if (!open.add(from, bytes)) {
            return;
        }
        try {
            lane.execute(() -> {
                if (open.remove(from, bytes)) {
                    run(from, task, refusal);
                }
            });
        } catch (OutOfMemoryError e) { // no thread can be had
            open.remove(from, bytes);
            refusal.run();
        }
    }

    private static void run(Link from, Runnable task, Runnable refusal) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the context waits without limit
            from.log().log(Log.WARNING, NOT_SENT, "could not answer a Python context: " + e);
            refusal.run();
        }
    }

    private PythonModuleResponder responder() {
        if (responder == null) {
            responder = maker.get();
        }
        return responder;
    }

    private void serveModule(String name, Link from, boolean isForRelay) {
        if (name.length() > MAX_NAME_CHARS) {
            sendModule(from, PythonModuleResponder.Answer.missing(name), isForRelay);
            return;
        }
        List<PythonModuleResponder.Answer> answers = responder().answer(name, from);
        for (int i = 0; i < answers.size(); i++) {
            PythonModuleResponder.Answer answer = answers.get(i);
            boolean isLast = i == answers.size() - 1;
            if (!sendModule(from, answer, isForRelay)
                    && isLast
                    && !sendModule(from, answer.withoutRelated(), isForRelay)) {
                String why = "it takes more than a message may have, " + router.maxMessageBytes() + " bytes";
                from.log().log(
                        Log.WARNING, NOT_SENT, "the Python module " + name + " was not sent to " + from + ": " + why);
                sendModule(from, PythonModuleResponder.Answer.missing(name), isForRelay);
            }
        }
    }

    /** Returns false, with nothing sent, when it is too large. */
    private boolean sendModule(Link to, PythonModuleResponder.Answer answer, boolean isForRelay) {
        byte[] body = answer.body();
        if (isForRelay) {
            String path = PythonImage.pathOf(answer.name());
            body = answer.module() == null
                    ? noImage(path).encode()
                    : PythonImage.of(path, answer.module().path(), body, answer.related())
                            .encode();
        }
        return trySend(to, Handles.LOAD_MODULE, body);
    }

    private void serveImage(String path, Link from) {
        LoadResource wanted = PythonImage.resourceOf(path);
        byte[] content = responder().resource(wanted, from);
        ClassImage image = content == null
                ? noImage(path)
                : PythonImage.of(path, wanted.packageName(), wanted.answer(content), List.of());
        if (!trySend(from, Handles.LOAD_MODULE, image.encode())) {
            warnOfSize(wanted, from);
            sendImage(from, noImage(path));
        }
    }

    private byte[] answer(LoadResource wanted, Link from) {
        byte[] body = form.get().answer(wanted, responder().resource(wanted, from));
        if (body.length > router.maxMessageBytes()) {
            warnOfSize(wanted, from);
            return form.get().answer(wanted, null);
        }
        return body;
    }

    private void warnOfSize(LoadResource wanted, Link from) {
        String why = "it takes more than a message may have, " + router.maxMessageBytes() + " bytes";
        from.log().log(
                Log.WARNING,
                NOT_SENT,
                wanted.fileName() + " of the Python package " + wanted.packageName() + " was not sent: " + why);
    }

    private static ClassImage noImage(String path) {
        return ClassImage.missing(path, "the master does not have it");
    }

    private void sendImage(Link to, ClassImage image) {
        send(to, Handles.LOAD_MODULE, image.encode());
    }

    private void send(Link to, int handle, byte[] body) {
        router.answer(to, Message.to(to.peerId(), handle, Handles.NONE, body));
    }

    private boolean trySend(Link to, int handle, byte[] body) {
        boolean fits = body.length <= router.maxMessageBytes();
        if (fits) {
            send(to, handle, body);
        }
        return fits;
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        try {
            lane.execute(() -> {
                if (responder != null) {
                    responder.forget(link);
                }
            });
        } catch (OutOfMemoryError expected) {
            // no thread can be had: the names for that link stay, which costs only memory
        }
    }
}
