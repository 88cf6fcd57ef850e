// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Log;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.CorruptImageException;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.ImportedClassLoader;
import io.mitogen.core.load.Importer;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import io.mitogen.relay.OpenRequests;
import io.mitogen.relay.SentSet;
import io.mitogen.relay.ShortMessages;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a JVM context below the master does for the Python contexts that it started: answers their requests for modules and
 * resources from what it has, or asks its own parent once for all who wait. It opens nothing of what it passes on.
 */
@BrokerThread
public final class PythonForwarder implements MessageHandler, RouterListener {
    /*
     * Between JVMs everything travels as a PythonImage, so the importer of this context, and every relay above it, keeps it,
     * asks for it once, and gives up on it, as it does with classes. Only at the two borders is it turned: here, towards
     * Python children, and in PythonParent, where the parent is one.
     *
     * The sent sets decide only what goes ahead. What is asked for is always sent.
     */
    /** Longest name that is asked for; what is longer is no module. */
    private static final int MAX_NAME_CHARS = 1000;

    private static final String[] IN_EVERY_CONTEXT = {"mitogen", "mitogen.core"};

    private final Router router;
    private final Importer importer;
    private final MessageHandler classRequests;
    private final Predicate<Link> isPython;
    private final boolean parentIsPython;
    private final Supplier<ResourceForm> form;
    private final ImageSource source;
    private final OpenRequests open;
    private final Map<Link, SentSet> sentByLink = new HashMap<>();

    /** Adds the handlers of what children ask for; that of GET_MODULE takes the place of {@code classRequests}. */
    PythonForwarder(
            Router router,
            Importer importer,
            MessageHandler classRequests,
            Predicate<Link> isPython,
            boolean parentIsPython,
            Supplier<ResourceForm> form) {
        this.router = router;
        this.importer = importer;
        this.classRequests = classRequests;
        this.isPython = isPython;
        this.parentIsPython = parentIsPython;
        this.form = form;
        this.open = OpenRequests.ofRelay(router);
        this.source = parentIsPython ? new PythonParent(router, importer, form) : importer::whenAvailable;
        router.addHandler(Registration.of(this)
                .on(Handles.GET_MODULE)
                .policy(new ShortMessages(
                        "a request for a module whose name has", ClassImage.MAX_PATH_BYTES, Policy.IMMEDIATE_PEER))
                .overwriting());
        router.addHandler(Registration.of(this)
                .on(Handles.GET_RESOURCE)
                .policy(new ShortMessages("a GET_RESOURCE of", LoadResource.MAX_REQUEST_BYTES, Policy.IMMEDIATE_PEER)));
        router.addHandler(
                Registration.of(this).on(Handles.FORWARD_MODULE).policy(Policy.parentAuthority(router.identity())));
        router.listeners().add(this);
    }

    /**
     * Has {@code child}, which became a parent, serve Python contexts, too. Call it once, outside of turns: when it starts its
     * first Python context or, where its own parent is one, as soon as it is a parent, since what JVM contexts below it ask for
     * must be turned as well. Fetches and links the classes that turns will need, then borrows a turn.
     *
     * @param classRequests takes the requests for classes
     * @param isPython tells whether the context at the other end of a link is a Python interpreter
     * @param parentIsPython whether the parent of {@code child} is one
     * @param form what the Python contexts of this tree take; asked inside turns
     */
    public static void install(
            ChildContext child,
            MessageHandler classRequests,
            Predicate<Link> isPython,
            boolean parentIsPython,
            Supplier<ResourceForm> form) {
        link(PythonForwarder.class.getClassLoader());
        Importer importer = ((ImportedClassLoader) child.loader()).importer();
        Router router = child.router();
        router.broker()
                .runInTurn(() -> new PythonForwarder(router, importer, classRequests, isPython, parentIsPython, form));
    }

    /** Links every class of this package that is used inside turns, by this or by an attempt to connect. */
    static void link(ClassLoader loader) {
        String here = PythonForwarder.class.getPackageName();
        try {
            for (String name : new String[] {
                "ImageSource",
                "LoadModule",
                "LoadResource",
                "LoadResource$Answer",
                "PythonImage",
                "PythonParent",
                "PythonForwarder",
                "PythonBoot",
                "PythonRepr",
                "PythonRuntime",
                "PythonScript",
                "PythonVersions",
                "PythonVersions$Step",
                "ResourceForm",
                "PythonViaAttempt",
                "PythonViaAttempt$Said"
            }) {
                Class.forName(here + "." + name, true, loader);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("cannot load the classes that a parent of Python contexts needs: " + e, e);
        }
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead() || from == null) {
            return;
        }
        switch (message.handle()) {
            case Handles.GET_MODULE:
                onGetModule(message, from);
                break;
            case Handles.GET_RESOURCE:
                onGetResource(message, from);
                break;
            default:
                onForwardModule(message, from);
        }
    }

    private void onGetModule(Message message, Link from) {
        String name = message.text();
        if (isPython.test(from) && !ClassImage.isPath(name)) {
            if (name.length() > MAX_NAME_CHARS) {
                send(from, Handles.LOAD_MODULE, LoadModule.missing(name));
            } else {
                sentTo(from);
                request(message, from, PythonImage.pathOf(name), image -> sendBundle(image, name, from));
            }
        } else if (parentIsPython && PythonImage.isPath(name)) {
            // once it is in the importer, it is passed on as any other image
            request(message, from, name, image -> classRequests.onMessage(message, from));
        } else {
            classRequests.onMessage(message, from);
        }
    }

    /** Requests an image for {@code answer}, unless the link is gone by then. Closes the link when memory runs out. */
    private void request(Message message, Link from, String path, ImageListener answer) {
        if (open.add(from, message.length())) {
            source.whenAvailable(path, image -> {
                if (open.remove(from, message.length())) {
                    answerOrEnd(from, image, answer);
                }
            });
        }
    }

    private static void answerOrEnd(Link to, ClassImage image, ImageListener answer) {
        try {
            answer.onImage(image);
        } catch (OutOfMemoryError e) { // this is a turn of the parent's link
            to.stream().close("no memory for " + image.path() + ", which it asked for");
        }
    }

    private SentSet sentTo(Link link) {
        SentSet sent = sentByLink.get(link);
        if (sent == null) {
            sent = new SentSet();
            for (String each : IN_EVERY_CONTEXT) {
                sent.add(PythonImage.pathOf(each));
            }
            sentByLink.put(link, sent);
        }
        return sent;
    }

    private void sendBundle(ClassImage image, String name, Link to) {
        SentSet sent = sentByLink.get(to);
        if (sent == null) {
            return; // the link is gone
        }
        if (image.isMissing()) {
            send(to, Handles.LOAD_MODULE, LoadModule.missing(name));
            return;
        }
        sendAhead(image, sent, to);
        sent.add(image.path());
        send(to, Handles.LOAD_MODULE, bodyOf(image, LoadModule.missing(name), to));
    }

    /** Sends what is here of the modules that {@code image} leads to, each once. */
    private void sendAhead(ClassImage image, SentSet sent, Link to) {
        for (String path : image.related()) {
            ClassImage ahead = sent.contains(path) ? null : importer.cached(path);
            if (ahead != null && !ahead.isMissing()) {
                sent.add(path);
                sendModule(ahead, to);
            }
        }
    }

    /** Sends a module in the form that the other end takes. */
    private void sendModule(ClassImage image, Link to) {
        byte[] body = isPython.test(to)
                ? bodyOf(image, LoadModule.missing(PythonImage.moduleOf(image.path())), to)
                : image.encode();
        send(to, Handles.LOAD_MODULE, body);
    }

    private void onGetResource(Message message, Link from) {
        LoadResource wanted = LoadResource.decode(message.body());
        if (wanted.packageName().indexOf('/') >= 0) { // no package, and no path that tells it from its file
            send(from, Handles.LOAD_RESOURCE, form.get().answer(wanted, null));
            return;
        }
        sentTo(from);
        request(message, from, PythonImage.pathOf(wanted), image -> {
            byte[] missing = wanted.answer(null);
            byte[] body = image.isMissing() ? missing : bodyOf(image, missing, from);
            send(from, Handles.LOAD_RESOURCE, form.get().convert(wanted, body));
        });
    }

    /** Returns what is in an image, or {@code missing} when that cannot be taken out. */
    private static byte[] bodyOf(ClassImage image, byte[] missing, Link to) {
        try {
            return image.content();
        } catch (CorruptImageException e) {
            to.log().log(Log.ERROR, "modules not passed on", "cannot pass on " + image.path(), e);
            return missing;
        }
    }

    /** Sends a module towards a context that did not ask for it yet: {@code id NUL name}. */
    private void onForwardModule(Message message, Link from) {
        String text = message.text();
        int end = text.indexOf('\0');
        int id;
        try {
            id = Integer.parseUnsignedInt(text.substring(0, Math.max(0, end)));
        } catch (NumberFormatException e) {
            from.log()
                    .violation("malformed orders", "FORWARD_MODULE without a valid id, from context " + message.src());
            return;
        }
        Link next = router.route(id);
        ClassImage image = importer.cached(PythonImage.pathOf(text.substring(end + 1)));
        if (next == null || image == null || image.isMissing() || sentTo(next).contains(image.path())) {
            return; // whoever misses it will ask
        }
        SentSet sent = sentTo(next);
        sendAhead(image, sent, next);
        sent.add(image.path());
        sendModule(image, next);
        if (next.peerId() != id) {
            send(next, Handles.FORWARD_MODULE, message.body());
        }
    }

    private void send(Link to, int handle, byte[] body) {
        router.answer(to, Message.to(to.peerId(), handle, Handles.NONE, body));
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        sentByLink.remove(link);
    }
}
