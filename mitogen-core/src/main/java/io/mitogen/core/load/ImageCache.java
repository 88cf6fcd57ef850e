// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The images that came and may be needed again. One thread at a time: the importer guards it. */
final class ImageCache {
    /*
     * The rule. Resources and negative answers stay: they are asked for again and again. So does the image of a class
     * until the class is defined; from then on only children could want it, so it may go when memory gets short, unless
     * this context feeds children. A context that becomes a parent later keeps from that moment what it still has, and
     * all that comes. What went is asked for once more, when a child needs it. Of negative answers, which anybody can have
     * any number of, the oldest go when there are too many.
     */
    static final int MAX_MISSING = 10_000;

    private final Map<String, ClassImage> images = new HashMap<String, ClassImage>();
    private final Map<String, SoftReference<ClassImage>> defined = new HashMap<String, SoftReference<ClassImage>>();
    private final ArrayDeque<String> missing = new ArrayDeque<String>(0); // oldest first; may name what is here by now
    private boolean feedsChildren;

    @Nullable
    ClassImage get(String path) {
        ClassImage image = images.get(path);
        if (image != null) {
            return image;
        }
        SoftReference<ClassImage> reference = defined.get(path);
        return reference == null ? null : reference.get();
    }

    void put(ClassImage image) {
        ClassImage former = images.put(image.path(), image);
        if (image.isMissing() && (former == null || !former.isMissing())) {
            missing.add(image.path());
            if (missing.size() > MAX_MISSING) {
                forgetMissing(missing.remove());
            }
        }
    }

    private void forgetMissing(String path) {
        ClassImage image = images.get(path);
        if (image != null && image.isMissing()) {
            images.remove(path);
        }
    }

    void remove(String path) {
        images.remove(path);
        defined.remove(path);
    }

    void onDefined(String path) {
        ClassImage image = feedsChildren ? null : images.remove(path);
        if (image != null) {
            defined.put(path, new SoftReference<ClassImage>(image));
        }
    }

    void keepForChildren() {
        feedsChildren = true;
        for (Iterator<SoftReference<ClassImage>> each = defined.values().iterator(); each.hasNext(); each.remove()) {
            ClassImage image = each.next().get();
            if (image != null) {
                put(image);
            }
        }
    }

    /** Lets go of the images of defined classes, as the collector may at any time. For tests. */
    void forgetDefined() {
        defined.clear();
    }
}
