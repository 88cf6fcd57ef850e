// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import io.mitogen.core.load.ImageListener;
import io.mitogen.core.load.ResourcePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Kinds of askers behind one stream that are told apart; of a further one, what went down is forgotten. */
    private static final int MAX_ASKERS = 16;

    private final ClassFinder finder;
    private final ImportPolicy policy;
    private final BundlePlanner.Budget budget;
    private final int partBytes;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<Asker, ImageStore> stores = new ConcurrentHashMap<>();
    private final ConcurrentMap<Object, Map<Asker, StreamHistory>> histories = new ConcurrentHashMap<>();
    private final VersionCheck versions = new VersionCheck(this::storeFor);

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
        this.finder = finder;
        this.policy = policy;
        this.budget = budget;
        this.nanoClock = nanoClock;
        this.partBytes = Math.min(PART_BYTES, maxMessageBytes / 2);
        stores.put(Asker.PLAIN, new ImageStore(finder, policy, partBytes));
    }

    /**
     * Answers a request: calls {@code out} with the related classes that did not go down this stream yet, and last with
     * the image asked for, negative with its reason if contexts cannot have it. Every request is answered, also a
     * repeated one; only what {@code out} throws comes through.
     *
     * @param name the path, with who asks in front; the images have it, too
     * @param stream identifies the stream the request came from, until {@link #forget}
     */
    void serve(String name, Object stream, ImageListener out) {
        for (ClassImage image : answer(name, stream)) {
            out.onImage(image);
        }
    }

    /** Forgets what went down a stream that is gone. Nothing of that stream may be served after it. */
    void forget(Object stream) {
        histories.remove(stream);
    }

    /** Returns the files that are being read in parts. */
    OpenParts parts() {
        return finder.parts();
    }

    /** Returns why the rules kept an existing file from a recent request for {@code name}; empty when they did not. */
    Optional<FolderRules.Refusal> keptBecause(String name) {
        Asker asker = Asker.of(name);
        ImageStore store = asker == null ? null : stores.get(asker);
        return store == null ? Optional.empty() : store.keptBecause(Asker.pathIn(name));
    }

    private List<ClassImage> answer(String name, Object stream) {
        String path = Asker.pathIn(name);
        Asker known = Asker.of(name);
        Asker asker = known == null ? Asker.PLAIN : known; // which refuses such a path
        try {
            ImageStore store = storeFor(asker);
            if (store == null) {
                return List.of(
                        ClassImage.missing(name, "the class loader that this context has its classes of is gone"));
            }
            if (path.startsWith(VersionCheck.FOLDER)) {
                return List.of(versions.answer(name, path.substring(VersionCheck.FOLDER.length()), asker));
            }
            Optional<ImageStore.StoredImage> stored = store.imageAt(path);
            if (stored.isEmpty()) {
                return List.of(ClassImage.missing(name, store.refusal(path)));
            }
            List<ClassImage> plan = new BundlePlanner(store, budget).plan(stored.get(), history(stream, asker));
            return asker.equals(Asker.PLAIN) ? plan : named(plan, asker, name, history(stream, Asker.PLAIN));
        } catch (IOException | RuntimeException | Error e) {
            // Loaders are other people's code. Whatever happens there, the context waits for an answer without end.
            String reason = "the master failed to read it: " + e;
            ImageStore store = stores.get(asker);
            if (store != null) {
                store.noteUnreadable(path, reason);
            }
            // A resource that is there is not taken for one that is not: whoever reads it is told why that fails.
            boolean isThere = e instanceof IOException
                    && !ClassImage.isClass(path)
                    && !ResourcePart.isPart(path)
                    && !path.startsWith(VersionCheck.FOLDER);
            return List.of(isThere ? ImageStore.inParts(name, "", 1) : ClassImage.missing(name, reason));
        }
    }

    /** Gives images their names for {@code asker}. Those that are the same for all are not sent again that {@code ofAll} has. */
    private static List<ClassImage> named(List<ClassImage> plan, Asker asker, String wanted, StreamHistory ofAll) {
        List<ClassImage> images = new ArrayList<>();
        for (ClassImage image : plan) {
            boolean isWanted = image == plan.get(plan.size() - 1);
            if (!isWanted && ImageStore.isOwn(image.path()) && !ofAll.sent().add(image.path())) {
                continue;
            }
            List<String> related = image.related().stream().map(asker::nameOf).toList();
            images.add((image.isMissing() ? image : image.withRelated(related))
                    .named(isWanted ? wanted : asker.nameOf(image.path())));
        }
        return images;
    }

    private StreamHistory history(Object stream, Asker asker) {
        Map<Asker, StreamHistory> ofStream = histories.computeIfAbsent(stream, ignored -> new LinkedHashMap<>());
        if (ofStream.size() >= MAX_ASKERS && !ofStream.containsKey(asker)) {
            ofStream.remove(ofStream.keySet().iterator().next());
        }
        return ofStream.computeIfAbsent(asker, ignored -> new StreamHistory(nanoClock));
    }

    /** Returns what {@code asker} may have; null when the loader that it wants is not known, or long gone. */
    private @Nullable ImageStore storeFor(Asker asker) {
        ImageStore known = stores.get(asker);
        if (known != null) {
            return known;
        }
        stores.keySet().removeIf(each -> finder.as(each) == null);
        ClassFinder own = finder.as(asker);
        return own == null ? null : stores.computeIfAbsent(asker, ignored -> new ImageStore(own, policy, partBytes));
    }
}
