// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import io.mitogen.core.Worlds;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The class loaders of the functions that a master called, each a {@link World}. Any thread. */
final class CalledLoaders implements Worlds {
    /** Worlds whose loader is gone, which contexts may still ask for. */
    private static final int MAX_GONE = 16;

    private final Predicate<ClassLoader> isUsual;
    private final CopyOnWriteArrayList<World> worlds = new CopyOnWriteArrayList<>(); // in the order of their numbers
    /** Has a class of the JDK's as its values: a {@link World} would keep our class loader as long as a called class lives. */
    private final ClassValue<String> numberOfCalled = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            World found = worldOf(type.getClassLoader());
            found.onCalled(type);
            return Integer.toString(found.number());
        }
    };

    private int lastNumber; // guarded by this

    /** @param isUsual tells whether a loader is searched first anyway, so that its classes need no world of their own */
    CalledLoaders(Predicate<ClassLoader> isUsual) {
        this.isUsual = isUsual;
    }

    /** Returns the number of the loader of {@code called}; null for the JDK's, and as long as all calls are of the usual one. */
    @Override
    public @Nullable String of(Class<?> called) {
        ClassLoader loader = called.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
            return null;
        }
        if (isUsual.test(loader)) {
            return worlds.isEmpty() ? null : "0";
        }
        return numberOfCalled.get(called);
    }

    /** Nothing that runs here comes from elsewhere. */
    @Override
    public String enter(String name) {
        throw new UnsupportedOperationException(name);
    }

    /** Returns all that are known, those with a loader that is gone, too. */
    List<World> worlds() {
        return worlds;
    }

    /** Returns the world with that number; null if it is not known, or forgotten. */
    @Nullable
    World world(int number) {
        for (World each : worlds) {
            if (each.number() == number) {
                return each;
            }
        }
        return null;
    }

    private synchronized World worldOf(ClassLoader loader) {
        int gone = 0;
        for (World each : worlds) {
            if (each.isOf(loader)) {
                return each;
            }
            gone += each.loader() == null ? 1 : 0;
        }
        for (World each : worlds) {
            if (gone > MAX_GONE && each.loader() == null) {
                worlds.remove(each);
                gone--;
            }
        }
        World made = new World(++lastNumber, loader);
        worlds.add(made);
        return made;
    }
}
