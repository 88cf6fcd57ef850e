// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;

/**
 * What decides which of several versions of a class or resource a context gets. Names of requests begin with it: {@code
 * /j25.3/com/acme/Facts.class}; where nothing stands there, it is {@link #PLAIN}. Immutable; any thread.
 *
 * @param release the Java that it runs, from 17 on
 * @param world the number of the {@link World} whose classes it wants, 0 for what all loaders have
 */
record Asker(int release, int world) {
    /** The oldest Java a context may run. */
    static final int FLOOR = 17;

    static final Asker PLAIN = new Asker(FLOOR, 0);

    private static final int HIGHEST = 99; // so that nobody can make a master keep more kinds than that

    @Override
    public boolean equals(@Nullable Object other) { // as a record's, which takes a JVM some 10 ms to make
        return other instanceof Asker && ((Asker) other).release == release && ((Asker) other).world == world;
    }

    @Override
    public int hashCode() {
        return 31 * world + release;
    }

    /** Returns who asks for {@code name}; null when its beginning is malformed. */
    static @Nullable Asker of(String name) {
        return name.startsWith("/") ? parse(name.substring(1, Math.max(1, name.indexOf('/', 1)))) : PLAIN;
    }

    /** Returns who asks, from what stands between the slashes. */
    static @Nullable Asker parse(String text) {
        int dot = text.indexOf('.');
        try {
            int release = Integer.parseInt(text, 1, dot < 0 ? text.length() : dot, 10);
            int world = dot < 0 ? 0 : Integer.parseInt(text, dot + 1, text.length(), 10);
            boolean isKnown = text.startsWith("j") && release >= FLOOR && release <= HIGHEST && world >= 0;
            return isKnown ? new Asker(release, world) : null;
        } catch (NumberFormatException | IndexOutOfBoundsException expected) {
            return null;
        }
    }

    /** Returns the path in {@code name}. */
    static String pathIn(String name) {
        return of(name) == null ? name : name.substring(name.startsWith("/") ? name.indexOf('/', 1) + 1 : 0);
    }

    /** Returns the name under which this one asks for {@code path}. What is this library's is the same for all. */
    String nameOf(String path) {
        if (equals(PLAIN) || ImageStore.isOwn(path)) {
            return path;
        }
        return "/j" + release + (world == 0 ? "" : "." + world) + "/" + path;
    }
}
