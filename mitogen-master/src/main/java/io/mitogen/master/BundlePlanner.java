// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides what to send along with a class: what it names, what that names, nearest first, until the budget of the
 * request is spent; and of what is named and not there, the news that it is not. Any thread.
 */
final class BundlePlanner {
    /*
     * How much to guess. What a class names may be a hundred times what a call needs, so the first request of a call gets
     * a budget that suits small ones. Two kinds of further requests show that more is needed. One asks for what was named
     * and cut off: then names are a good guide, and the budget was too small. The other is the third for what
     * nothing had named: then names are made at run time, and the only guide left is what lies beside it in its jar, within
     * the usual budget, from the fourth on within the large one. Requests with a pause between them are calls of other
     * functions, and begin anew.
     */
    /**
     * What one request may bring on top of the class asked for.
     *
     * @param images at most this many
     * @param deflatedBytes at most this many, so that a slow link is not kept busy with guesses
     */
    record Budget(int images, int deflatedBytes) {
        /** See the class comment of BundleBudgetTest for the measurements behind it. */
        static final Budget USUAL = new Budget(400, 512 << 10);

        /** Returns the budget of who has shown that the usual one is too small. */
        Budget large() {
            return new Budget(4 * images, 4 * deflatedBytes);
        }

        /** Returns the budget of what is less likely to be used. */
        Budget half() {
            return new Budget(images / 2, deflatedBytes / 2);
        }
    }

    /** From this unforeseen request on, what lies beside the class goes along. */
    private static final int BESIDE_FROM = 3;

    private final ImageStore store;
    private final Budget usual;

    BundlePlanner(ImageStore store, Budget usual) {
        this.store = store;
        this.usual = usual;
    }

    /**
     * Returns what to send for {@code wanted}, itself last. Notes it all in {@code history}; images in it already are
     * left out, and their lists were followed then. The rest that the budget cuts off is taken up again by later requests of the
     * stream that leave some of theirs.
     */
    List<ClassImage> plan(ImageStore.StoredImage wanted, StreamHistory history) {
        String path = wanted.image().path();
        boolean wasForeseen = history.takeCutOff(path);
        if (ImageStore.isOwn(path)) {
            Walk walk = new Walk(wanted, history, usual);
            walk.take(wanted.references(), usual);
            return walk.finish(); // a context that becomes a parent is not kept waiting for classes of a program
        }
        int unforeseen = history.onRequest(wasForeseen);
        Budget budget = wasForeseen || unforeseen > BESIDE_FROM ? usual.large() : usual;
        Walk walk = new Walk(wanted, history, budget);
        boolean sufficed = walk.take(wanted.references(), budget)
                && walk.take(history.takeAllCutOff(), wasForeseen ? budget : budget.half());
        if (sufficed && unforeseen >= BESIDE_FROM) {
            List<String> beside = new ArrayList<>(store.beside(path));
            beside.removeIf(history.sent()::contains);
            walk.takeUnnoted(beside, budget);
        }
        history.onAnswer();
        return walk.finish();
    }

    /** The making of one bundle. */
    private final class Walk {
        private final ImageStore.StoredImage wanted;
        private final StreamHistory history;
        private final List<ClassImage> bundle = new ArrayList<>();
        private final Set<String> related = new LinkedHashSet<>();
        private final Set<String> seen = new HashSet<>();
        private Budget budget;
        private int bytes;

        Walk(ImageStore.StoredImage wanted, StreamHistory history, Budget budget) {
            this.wanted = wanted;
            this.history = history;
            this.budget = budget;
            seen.add(wanted.image().path());
            history.sent().add(wanted.image().path());
            addPackages(wanted);
            denyProviders(wanted);
        }

        /**
         * Takes what is at {@code paths}, what that names, and so on, until the bundle has {@code limit}. Tells whether
         * that sufficed; what it cut off is in the history then.
         */
        boolean take(Collection<String> paths, Budget limit) {
            return take(paths, limit, history::addCutOff);
        }

        /** As {@link #take}, of what nothing named: what is cut off is forgotten. */
        void takeUnnoted(Collection<String> paths, Budget limit) {
            take(paths, limit, path -> {});
        }

        private boolean take(Collection<String> paths, Budget limit, Consumer<String> cutOff) {
            budget = limit;
            ArrayDeque<String> open = new ArrayDeque<>(paths);
            while (!open.isEmpty()) {
                String path = open.remove();
                Optional<ImageStore.StoredImage> stored = seen.add(path) ? readable(path) : Optional.empty();
                if (stored.isPresent()) {
                    boolean wasFollowed = history.sent().contains(path);
                    if (!add(stored.get().image())) {
                        cutOff.accept(path);
                        open.forEach(cutOff);
                        return false;
                    }
                    addPackages(stored.get());
                    if (wasFollowed) {
                        continue;
                    }
                    if (ImageStore.isOwn(path)) {
                        stored.get().references().forEach(open::addFirst); // a few classes that are useless apart
                    } else {
                        open.addAll(stored.get().references());
                    }
                    denyProviders(stored.get());
                }
            }
            return true;
        }

        /** Returns what is at {@code path}, empty also when reading fails: whoever asks for it will be told why. */
        private Optional<ImageStore.StoredImage> readable(String path) {
            try {
                Optional<ImageStore.StoredImage> stored = store.imageAt(path);
                if (stored.isEmpty()) {
                    deny(path);
                }
                return stored;
            } catch (IOException | RuntimeException expected) {
                return Optional.empty();
            }
        }

        private boolean add(ClassImage image) {
            if (!history.sent().contains(image.path())) {
                if (bundle.size() >= budget.images() || bytes + image.deflatedLength() > budget.deflatedBytes()) {
                    return false;
                }
                history.sent().add(image.path());
                bytes += image.deflatedLength();
                // It names the root, whose list names them all: see ClassForwarder.
                bundle.add(image.withRelated(List.of(wanted.image().path())));
            }
            related.add(image.path());
            return true;
        }

        /** Adds, however little of the budget is left, what the first class of a package must have before it. */
        private void addPackages(ImageStore.StoredImage stored) {
            ClassImage packages = stored.packages();
            if (packages != null && usual.images() > 0) {
                if (history.sent().add(packages.path())) {
                    bundle.add(
                            Math.max(0, bundle.size() - 1),
                            packages.withRelated(List.of(wanted.image().path())));
                }
                related.add(packages.path());
            }
        }

        /** Adds the news that services whose classes {@code user} mentions by themselves have no providers. */
        private void denyProviders(ImageStore.StoredImage user) {
            for (String literal : user.literals()) {
                store.lackOfProviders(literal).ifPresent(this::deny);
            }
        }

        /** Adds the news that there is nothing at {@code path}; what a class of this library names is never looked for in vain. */
        private void deny(String path) {
            if (!ImageStore.isOwn(wanted.image().path())) {
                if (bundle.size() < budget.images() && history.sent().add(path)) {
                    bundle.add(ClassImage.missing(path, store.refusal(path)));
                }
                related.add(path);
            }
        }

        List<ClassImage> finish() {
            bundle.add(wanted.image().withRelated(List.copyOf(related)));
            return bundle;
        }
    }
}
