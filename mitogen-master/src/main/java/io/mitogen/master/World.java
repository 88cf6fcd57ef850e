// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.load.ClassImage;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/** A class loader whose functions were called, known to contexts by a number. Does not keep the loader alive. Any thread. */
final class World {
    /** More called classes than that tell nothing new about a loader. */
    private static final int MAX_CALLED = 64;

    private final int number;
    private final WeakReference<ClassLoader> loader;
    private final Map<String, String> places = new ConcurrentHashMap<>(); // of classes of the loader that were called

    /** Whether others have other versions of these classes; guarded by itself. */
    private final Map<World, Boolean> others = new WeakHashMap<>();

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
        URL url = find(type.getClassLoader(), path);
        synchronized (others) {
            if (url != null && places.size() < MAX_CALLED && places.put(path, url.toExternalForm()) == null) {
                others.clear();
            }
        }
    }

    /** Returns where {@code loader} has {@code path}; null also when it refuses, as that of a web application that was stopped. */
    static @Nullable URL find(ClassLoader loader, String path) {
        try {
            return loader.getResource(path);
        } catch (RuntimeException expected) {
            return null;
        }
    }

    /**
     * Tells whether {@code other} has a class that was called here, at another place: then it belongs to another version of the
     * same program, and what is not found here must not come from there.
     */
    boolean isRivalOf(World other) {
        int called;
        synchronized (others) {
            Boolean known = others.get(other);
            if (known != null) {
                return known;
            }
            called = places.size();
        }
        boolean isRival = hasOtherVersion(other.loader());
        synchronized (others) {
            if (called == places.size()) {
                others.put(other, isRival);
            }
        }
        return isRival;
    }

    private boolean hasOtherVersion(@Nullable ClassLoader candidate) {
        for (Map.Entry<String, String> each : places.entrySet()) {
            URL url = candidate == null ? null : find(candidate, each.getKey());
            if (url != null && !url.toExternalForm().equals(each.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Returns of how many others it is known whether they are rivals. */
    int knownRivals() {
        synchronized (others) {
            return others.size();
        }
    }
}
