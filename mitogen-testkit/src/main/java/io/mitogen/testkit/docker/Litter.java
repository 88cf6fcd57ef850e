// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.docker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is to be removed when the JVM ends, unless it was before; the youngest first. Any thread. */
final class Litter {
    private static final Set<AutoCloseable> LIVE = new LinkedHashSet<>();
    private static boolean hooked;

    private Litter() {}

    static synchronized void add(AutoCloseable thing) {
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(Litter::sweep, "mitogen-testkit-litter"));
            hooked = true;
        }
        LIVE.add(thing);
    }

    static synchronized void remove(AutoCloseable thing) {
        LIVE.remove(thing);
    }

    private static synchronized List<AutoCloseable> youngestFirst() {
        List<AutoCloseable> all = new ArrayList<>(LIVE);
        Collections.reverse(all);
        return all;
    }

    private static void sweep() {
        for (AutoCloseable thing : youngestFirst()) {
            try {
                thing.close();
            } catch (Exception expected) { // the engine may have ended before; the others are still to be removed
                remove(thing);
            }
        }
    }
}
