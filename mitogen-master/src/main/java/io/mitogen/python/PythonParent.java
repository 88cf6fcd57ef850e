// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.python;

import io.mitogen.core.BrokerThread;
import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.Importer;
import io.mitogen.core.pickle.PickleException;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.MessageHandler;
import io.mitogen.core.route.Policy;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A JVM context's parent that is a Python context: asks it in Python's way, once for all who wait, and turns its answers into
 * images, which the importer keeps beside those of classes.
 */
@BrokerThread
final class PythonParent implements ImageSource, MessageHandler, RouterListener {
    /*
     * LOAD_MODULE brings modules for Python contexts and, under names that are paths, what the importer of this context asked
     * for. A Python parent answers a name once, and never again, while the importer forgets what does not exist when there is
     * much of it.
     */
    /** So many negative answers and resources are asked for. */
    private static final int MAX_UNCERTAIN = 4_000;

    /** Limit on the names of these, in characters: a share of the heap. */
    private static final long MAX_UNCERTAIN_CHARS = Runtime.getRuntime().maxMemory() / 128;

    private static final String NOT_THERE = "the master does not have it";

    private final Router router;
    private final Importer importer;
    private final Supplier<ResourceForm> form;
    private final Map<String, List<ImageListener>> waiting = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private int uncertain; // answers that are no modules
    private long uncertainChars; // in their names
    private @Nullable String lostReason;

    /** Adds the handlers of what the parent sends; that of LOAD_MODULE takes the place of the core's. */
    PythonParent(Router router, Importer importer, Supplier<ResourceForm> form) {
        this.router = router;
        this.importer = importer;
        this.form = form;
        Policy fromAbove = Policy.parentAuthority(router.identity());
        router.addHandler(
                Registration.of(this).on(Handles.LOAD_MODULE).policy(fromAbove).overwriting());
        router.addHandler(Registration.of(this).on(Handles.LOAD_RESOURCE).policy(fromAbove));
        router.listeners().add(this);
    }

    @Override
    public void whenAvailable(String path, ImageListener listener) {
        ClassImage image = importer.cached(path);
        if (image != null) {
            listener.onImage(image);
        } else if (missing.contains(path)) {
            ClassImage none = ClassImage.missing(path, NOT_THERE);
            importer.onImage(none);
            listener.onImage(none);
        } else if (lostReason != null) {
            listener.onImage(ClassImage.missing(path, lostReason));
        } else if (waiting.containsKey(path)) {
            waiting.get(path).add(listener);
        } else if (uncertain >= MAX_UNCERTAIN || uncertainChars >= MAX_UNCERTAIN_CHARS) {
            listener.onImage(ClassImage.missing(path, "too much was asked for that does not exist"));
        } else {
            List<ImageListener> listeners = new ArrayList<>();
            listeners.add(listener);
            waiting.put(path, listeners);
            request(path);
        }
    }

    private void request(String path) {
        int parent = router.identity().parentId();
        if (PythonImage.isResource(path)) {
            byte[] body = form.get().request(PythonImage.resourceOf(path));
            router.send(Message.to(parent, Handles.GET_RESOURCE, Handles.NONE, body));
        } else {
            byte[] body = PythonImage.moduleOf(path).getBytes(StandardCharsets.UTF_8);
            router.send(Message.to(parent, Handles.GET_MODULE, Handles.NONE, body));
        }
    }

    @Override
    public void onMessage(Message message, @Nullable Link from) {
        if (message.isDead()) {
            return;
        }
        if (message.handle() == Handles.LOAD_RESOURCE) {
            onResource(message.body());
        } else {
            onModule(message.body());
        }
    }

    private void onResource(byte[] body) {
        LoadResource.Answer answer;
        try {
            answer = LoadResource.decodeAnswer(body);
        } catch (PickleException e) { // nobody can say to whom: all ask once, so none shall wait for it
            failResources("an answer of the parent cannot be read");
            throw e;
        }
        String path = PythonImage.pathOf(answer.resource());
        countUncertain(path);
        onImage(PythonImage.of(path, answer.resource().packageName(), answer.body(), new ArrayList<>()));
    }

    private void failResources(String reason) {
        for (String path : new ArrayList<>(waiting.keySet())) {
            if (PythonImage.isResource(path)) {
                countUncertain(path);
                onImage(ClassImage.missing(path, reason));
            }
        }
    }

    private void onModule(byte[] body) {
        LoadModule module = LoadModule.decode(body);
        if (ClassImage.isPath(module.name())) {
            importer.onImage(ClassImage.decode(body));
            return;
        }
        String path = PythonImage.pathOf(module.name());
        if (!module.isMissing()) {
            onImage(PythonImage.of(path, module.path(), body, module.related()));
        } else if (waiting.containsKey(path)) {
            countUncertain(path);
            missing.add(path);
            onImage(ClassImage.missing(path, NOT_THERE));
        }
    }

    private void countUncertain(String path) {
        uncertain++;
        uncertainChars += path.length();
    }

    private void onImage(ClassImage image) {
        importer.onImage(image);
        List<ImageListener> listeners = waiting.remove(image.path());
        if (listeners != null) {
            for (ImageListener listener : listeners) {
                listener.onImage(image);
            }
        }
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    /** The parent is gone, and so will this context be: nobody below it shall wait for what cannot come. */
    @Override
    public void onLinkGone(Link link, String reason) {
        if (link != router.parent()) {
            return;
        }
        lostReason = reason;
        Map<String, List<ImageListener>> failed = new HashMap<>(waiting);
        waiting.clear();
        for (Map.Entry<String, List<ImageListener>> each : failed.entrySet()) {
            for (ImageListener listener : each.getValue()) {
                listener.onImage(ClassImage.missing(each.getKey(), reason));
            }
        }
    }
}
