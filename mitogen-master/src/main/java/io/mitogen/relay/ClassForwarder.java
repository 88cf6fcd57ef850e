// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.Importer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers the children's requests for classes from what this context has, or asks its own parent once and answers all
 * who wait when the image comes. Broker thread; never waits and never opens an image.
 */
public final class ClassForwarder {
    /*
     * What goes ahead. An image that the master was asked for lists the bundle that came with it; an image of that
     * bundle lists the one whose request brought it, a negative one nothing. So from any found one the lists lead to its whole bundle, and a
     * context that fetched classes for itself can feed them to its children in bulk, though it opens none of them.
     *
     * Each list is followed once for a stream. Else each request would cost as much as all earlier ones together.
     */
    private final Importer importer;
    private final Map<Object, SentSet> sentByStream = new HashMap<Object, SentSet>();

    /** Makes a forwarder over {@code importer}, which keeps every image from now on. */
    public ClassForwarder(Importer importer) {
        this.importer = importer;
        importer.keepForChildren();
    }

    /**
     * Answers a child's request: calls {@code out} at once or later, on the broker thread, first with related images
     * that did not go down this stream yet, last with the image asked for. Every request is answered, also a repeated
     * one.
     *
     * @param stream identifies the stream to the child, until {@link #forget}
     */
    public void onRequest(String path, Object stream, ImageListener out) {
        if (!sentByStream.containsKey(stream)) {
            sentByStream.put(stream, new SentSet());
        }
        importer.whenAvailable(path, new Answer(stream, out));
    }

    /** Forgets what went down a stream that is gone; answers still due for it are dropped. */
    public void forget(Object stream) {
        sentByStream.remove(stream);
    }

    private void send(ClassImage wanted, SentSet sent, ImageListener out) {
        ArrayDeque<ClassImage> open = new ArrayDeque<ClassImage>();
        if (!wanted.isMissing() && sent.add(wanted.path())) {
            open.add(wanted);
        }
        while (!open.isEmpty()) {
            for (String path : open.remove().related()) {
                ClassImage image = sent.contains(path) ? null : importer.cached(path);
                if (image != null) {
                    sent.add(path);
                    open.add(image); // a negative one leads nowhere
                    out.onImage(image);
                }
            }
        }
        out.onImage(wanted);
    }

    /** One child's request, waiting. */
    private final class Answer implements ImageListener {
        private final Object stream;
        private final ImageListener out;

        Answer(Object stream, ImageListener out) {
            this.stream = stream;
            this.out = out;
        }

        @Override
        public void onImage(ClassImage image) {
            SentSet sent = sentByStream.get(stream);
            if (sent != null) {
                send(image, sent, out);
            }
        }
    }
}
