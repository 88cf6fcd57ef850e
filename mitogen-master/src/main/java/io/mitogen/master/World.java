// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A class loader whose functions were called, known to contexts by a number. Does not keep the loader alive. Any thread. */
final class World {
    /** More called classes than that tell nothing new about a loader. */
    private static final int MAX_CALLED = 64;

    private final int number;
    private final WeakReference<ClassLoader> loader;
    private final Map<String, String> places = new ConcurrentHashMap<>(); // of classes of the loader that were called
    private final Map<Integer, Boolean> others = new ConcurrentHashMap<>(); // whether they have other versions of these

    World(int number, ClassLoader loader) {
        this.number = number;
        this.loader = new WeakReference<>(loader);
    }

    int number() {
        return number;
    }

    /** Returns the loader, null when it is gone. */
    @Nullable
    ClassLoader loader() {
        return loader.get();
    }

    boolean isOf(ClassLoader candidate) {
        return loader.refersTo(candidate);
    }

    /** Notes that a function of {@code type} is called, which the loader defined. */
    void onCalled(Class<?> type) {
        String path = ClassImage.pathOf(type.getName());
        URL url = type.getClassLoader().getResource(path);
        if (url != null && places.size() < MAX_CALLED && places.put(path, url.toExternalForm()) == null) {
            others.clear();
        }
    }

    /**
     * Tells whether {@code other} has a class that was called here, at another place: then it belongs to another version of the
     * same program, and what is not found here must not come from there.
     */
    boolean isRivalOf(World other) {
        return others.computeIfAbsent(other.number, ignored -> {
            ClassLoader candidate = other.loader();
            for (Map.Entry<String, String> each : places.entrySet()) {
                URL url = candidate == null ? null : candidate.getResource(each.getKey());
                if (url != null && !url.toExternalForm().equals(each.getValue())) {
                    return true;
                }
            }
            return false;
        });
    }
}
