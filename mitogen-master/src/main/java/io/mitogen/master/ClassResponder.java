// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.ResourcePart;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Answers the requests of contexts for classes and resources. Any number of routers may share one. Any thread but the
 * broker's, because it reads files; the requests of one stream one at a time, in order.
 */
final class ClassResponder {
    /** Most bytes of a part of a resource that is too large for one message. */
    private static final int PART_BYTES = 2 * 1024 * 1024;

    private final ImageStore store;
    private final BundlePlanner planner;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<Object, StreamHistory> histories = new ConcurrentHashMap<>();

    /** Makes a responder that serves what {@code finder} finds and {@code policy} allows. */
    ClassResponder(ClassFinder finder, ImportPolicy policy) {
        this(finder, policy, Integer.MAX_VALUE);
    }

    /** @param maxMessageBytes limit of the messages in which the answers travel */
    ClassResponder(ClassFinder finder, ImportPolicy policy, int maxMessageBytes) {
        this(finder, policy, BundlePlanner.Budget.USUAL, System::nanoTime, maxMessageBytes);
    }

    ClassResponder(ClassFinder finder, ImportPolicy policy, BundlePlanner.Budget budget, LongSupplier nanoClock) {
        this(finder, policy, budget, nanoClock, Integer.MAX_VALUE);
    }

    private ClassResponder(
            ClassFinder finder,
            ImportPolicy policy,
            BundlePlanner.Budget budget,
            LongSupplier nanoClock,
            int maxMessageBytes) {
        this.nanoClock = nanoClock;
        store = new ImageStore(finder, policy, Math.min(PART_BYTES, maxMessageBytes / 2));
        planner = new BundlePlanner(store, budget);
    }

    /**
     * Answers a request: calls {@code out} with the related classes that did not go down this stream yet, and last with
     * the image asked for, negative with its reason if contexts cannot have it. Every request is answered, also a
     * repeated one; only what {@code out} throws comes through.
     *
     * @param stream identifies the stream the request came from, until {@link #forget}
     */
    void serve(String path, Object stream, ImageListener out) {
        for (ClassImage image : answer(path, stream)) {
            out.onImage(image);
        }
    }

    /** Forgets what went down a stream that is gone. Nothing of that stream may be served after it. */
    void forget(Object stream) {
        histories.remove(stream);
    }

    /** Returns why the rules kept an existing file from a recent request; empty when they did not. */
    Optional<FolderRules.Refusal> keptBecause(String path) {
        return store.keptBecause(path);
    }

    private List<ClassImage> answer(String path, Object stream) {
        try {
            Optional<ImageStore.StoredImage> stored = store.imageAt(path);
            if (stored.isEmpty()) {
                return List.of(ClassImage.missing(path, store.refusal(path)));
            }
            return planner.plan(
                    stored.get(), histories.computeIfAbsent(stream, ignored -> new StreamHistory(nanoClock)));
        } catch (IOException | RuntimeException | Error e) {
            // Loaders are other people's code. Whatever happens there, the context waits for an answer without end.
            String reason = "the master failed to read it: " + e;
            store.noteUnreadable(path, reason);
            // A resource that is there is not taken for one that is not: whoever reads it is told why that fails.
            boolean isThere = e instanceof IOException && !ClassImage.isClass(path) && !ResourcePart.isPart(path);
            return List.of(isThere ? ImageStore.inParts(path, "", 1) : ClassImage.missing(path, reason));
        }
    }
}
