// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what to send along with a class: what it names, what that names, nearest first, until the budget of one
 * request is spent. Any thread.
 */
final class BundlePlanner {
    /**
     * What one request may bring on top of the class asked for.
     *
     * @param images at most this many
     * @param deflatedBytes at most this many, so that a slow link is not kept busy with guesses
     */
    record Budget(int images, int deflatedBytes) {
        /** See the class comment of BundleBudgetTest for the measurements behind it. */
        static final Budget USUAL = new Budget(400, 512 << 10);
    }

    private final ImageStore store;
    private final Budget budget;

    BundlePlanner(ImageStore store, Budget budget) {
        this.store = store;
        this.budget = budget;
    }

    /**
     * Returns what to send for {@code wanted}, itself last. Notes it all in {@code history}; what was there already is
     * left out, but what lies behind it is not. What the budget cuts off is taken up again by later requests of the
     * stream that leave some of theirs.
     */
    List<ClassImage> plan(ImageStore.StoredImage wanted, StreamHistory history) {
        Walk walk = new Walk(wanted, history);
        walk.from(wanted);
        walk.lower();
        while (!walk.isCut && history.hasCutOff()) {
            readable(history.takeCutOff()).ifPresent(walk::from);
        }
        return walk.finish();
    }

    /** Returns what is at {@code path}, empty also when reading fails: whoever asks for it will be told why. */
    private Optional<ImageStore.StoredImage> readable(String path) {
        try {
            return store.imageAt(path);
        } catch (IOException | RuntimeException expected) {
            return Optional.empty();
        }
    }

    /** The making of one bundle. */
    private final class Walk {
        private final ImageStore.StoredImage wanted;
        private final StreamHistory history;
        private final List<ClassImage> bundle = new ArrayList<>();
        private final Set<String> related = new LinkedHashSet<>();
        private final Set<String> seen = new HashSet<>();
        private int images = budget.images();
        private int deflatedBytes = budget.deflatedBytes();
        private int bytes;
        private boolean isCut;

        Walk(ImageStore.StoredImage wanted, StreamHistory history) {
            this.wanted = wanted;
            this.history = history;
            seen.add(wanted.image().path());
            history.sent().add(wanted.image().path());
        }

        /** Takes what {@code start} names, and what that names, until there is no more or the budget is spent. */
        void from(ImageStore.StoredImage start) {
            ArrayDeque<ImageStore.StoredImage> open = new ArrayDeque<>();
            open.add(start);
            while (!open.isEmpty()) {
                ImageStore.StoredImage next = open.remove();
                for (String path : next.references()) {
                    Optional<ImageStore.StoredImage> stored = seen.add(path) ? readable(path) : Optional.empty();
                    if (stored.isPresent()) {
                        if (!take(stored.get().image())) {
                            isCut = true;
                            open.addFirst(next);
                            open.forEach(each -> history.addCutOff(each.image().path()));
                            return;
                        }
                        open.add(stored.get());
                    }
                }
            }
        }

        /** Halves the budget: from here on it is less likely that what is sent will be used. */
        void lower() {
            images /= 2;
            deflatedBytes /= 2;
        }

        private boolean take(ClassImage image) {
            if (!history.sent().contains(image.path())) {
                if (bundle.size() >= images || bytes + image.deflatedLength() > deflatedBytes) {
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

        List<ClassImage> finish() {
            bundle.add(wanted.image().withRelated(List.copyOf(related)));
            return bundle;
        }
    }
}
