// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import io.mitogen.core.Nullable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is to be removed when the JVM ends, unless it was before; the youngest first. Any thread. */
final class Litter {
    private static @Nullable Litter ofThisJvm;

    private final Set<AutoCloseable> live = new LinkedHashSet<>(); // guarded by this
    private boolean isSwept; // guarded by this

    static synchronized Litter ofThisJvm() {
        if (ofThisJvm == null) {
            ofThisJvm = new Litter();
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(ofThisJvm::sweep, "mitogen-testkit-litter"));
            } catch (IllegalStateException expected) { // the JVM is ending already
                ofThisJvm.sweep();
            }
        }
        return ofThisJvm;
    }

    /**
     * Takes note of a thing as soon as it is there, and of what it needs before it.
     *
     * @throws IllegalStateException when it is too late, as the JVM is ending; the thing is removed again
     */
    void add(AutoCloseable thing) {
        synchronized (this) {
            if (!isSwept) {
                live.add(thing);
                return;
            }
        }
        close(thing);
        throw new IllegalStateException(thing + " is removed again, as the JVM is ending");
    }

    synchronized void remove(AutoCloseable thing) {
        live.remove(thing);
    }

    /** Removes all, and from now on whatever is added. */
    void sweep() {
        youngestFirst().forEach(Litter::close);
    }

    private synchronized List<AutoCloseable> youngestFirst() {
        isSwept = true;
        List<AutoCloseable> all = new ArrayList<>(live);
        Collections.reverse(all);
        live.clear();
        return all;
    }

    private static void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception expected) { // the engine may have ended before; the others are still to be removed
            return;
        }
    }
}
