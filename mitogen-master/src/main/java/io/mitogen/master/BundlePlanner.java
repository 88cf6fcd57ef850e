// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.load.ClassImage;
import io.mitogen.relay.SentSet;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
     * Returns what to send for {@code wanted}, itself last. Notes it all in {@code sent}; what was there already is
     * left out, but what lies behind it is not.
     */
    List<ClassImage> plan(ImageStore.StoredImage wanted, SentSet sent) {
        String root = wanted.image().path();
        sent.add(root);
        List<ClassImage> bundle = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Set<String> related = new LinkedHashSet<>();
        ArrayDeque<ImageStore.StoredImage> open = new ArrayDeque<>();
        seen.add(root);
        open.add(wanted);
        int bytes = 0;
        while (!open.isEmpty()) {
            for (String path : open.remove().references()) {
                Optional<ImageStore.StoredImage> stored = seen.add(path) ? readable(path) : Optional.empty();
                if (stored.isEmpty()) {
                    continue;
                }
                ClassImage image = stored.get().image();
                if (!sent.contains(path)) {
                    if (bundle.size() == budget.images() || bytes + image.deflatedLength() > budget.deflatedBytes()) {
                        return finish(bundle, wanted, related);
                    }
                    sent.add(path);
                    bytes += image.deflatedLength();
                    // It names the root, whose list names them all: see ClassForwarder.
                    bundle.add(image.withRelated(List.of(root)));
                }
                related.add(path);
                open.add(stored.get());
            }
        }
        return finish(bundle, wanted, related);
    }

    /** Returns what is at {@code path}, empty also when reading fails: whoever asks for it will be told why. */
    private Optional<ImageStore.StoredImage> readable(String path) {
        try {
            return store.imageAt(path);
        } catch (IOException | RuntimeException expected) {
            return Optional.empty();
        }
    }

    private static List<ClassImage> finish(
            List<ClassImage> bundle, ImageStore.StoredImage wanted, Set<String> related) {
        bundle.add(wanted.image().withRelated(List.copyOf(related)));
        return bundle;
    }
}
