// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The images that came and may be needed again. One thread at a time: the importer guards it. */
final class ImageCache {
    /*
     * The rule. Resources and negative answers stay: they are asked for again and again. So does the image of a class
     * until the class is defined; from then on only children could want it, so it may go when memory gets short, unless
     * this context feeds children. A context that becomes a parent later keeps from that moment what it still has, and
     * all that comes. A dropped image is requested once more when a child needs it. A child can request any number of
     * images, and of names that do not exist: when all of them take more than a share of the heap, the cache is cleared.
     */
    /** Overhead of an image besides content and texts, in bytes. */
    static final int IMAGE_BYTES = 400;

    private final Map<String, ClassImage> images = new HashMap<String, ClassImage>();
    private final Map<String, SoftReference<ClassImage>> defined =
            new ConcurrentHashMap<String, SoftReference<ClassImage>>();
    long heapBytes = Runtime.getRuntime().maxMemory(); // smaller in tests
    private long bytes; // of the images put since the cache was cleared
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
        if (image.path().contains(ResourcePart.PREFIX)) {
            return; // read once, and together they may be larger than the heap
        }
        int chars = image.path().length() + image.reason().length();
        bytes += IMAGE_BYTES + 2 * chars + image.deflatedLength();
        if (bytes > heapBytes / 4) {
            images.clear();
            bytes = 0;
        }
        images.put(image.path(), image);
    }

    void remove(String path) {
        images.remove(path);
        defined.remove(path);
    }

    void onDefined(String path) {
        defined.put(path, new SoftReference<ClassImage>(feedsChildren ? images.get(path) : images.remove(path)));
    }

    /** Returns the names of all images of which classes were defined, as a view for any thread. */
    Set<String> defined() {
        return defined.keySet();
    }

    void keepForChildren() {
        feedsChildren = true;
        for (SoftReference<ClassImage> each : defined.values()) {
            ClassImage image = each.get();
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
