// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.load;

import io.mitogen.core.Nullable;
import java.util.HashMap;
import java.util.Map;

/** The images that came and may be needed again. One thread at a time: the importer guards it. */
final class ImageCache {
    /*
     * The rule. Resources and negative answers stay: they are asked for again and again. The image of a class stays
     * until the class is defined; from then on the JVM has it and the image is dropped, unless this context feeds
     * children. A context that becomes a parent later keeps everything from that moment; what was dropped before is
     * asked for once more, when a child first needs it. So a leaf pays no memory for classes it runs, and a parent
     * never asks twice.
     */
    private final Map<String, ClassImage> images = new HashMap<String, ClassImage>();
    private boolean feedsChildren;

    @Nullable
    ClassImage get(String path) {
        return images.get(path);
    }

    void put(ClassImage image) {
        images.put(image.path(), image);
    }

    void remove(String path) {
        images.remove(path);
    }

    void onDefined(String path) {
        if (!feedsChildren) {
            images.remove(path);
        }
    }

    void keepForChildren() {
        feedsChildren = true;
    }
}
