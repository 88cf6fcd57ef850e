// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import java.util.HashSet;
import java.util.Set;

/** The paths that went down one stream, so that nothing is sent ahead twice. Any thread. */
public final class SentSet {
    private final Set<String> paths = new HashSet<String>(); // guarded by itself

    /** Notes {@code path}; tells whether it is new. */
    public boolean add(String path) {
        synchronized (paths) {
            return paths.add(path);
        }
    }

    /** Tells whether {@code path} was noted. */
    public boolean contains(String path) {
        synchronized (paths) {
            return paths.contains(path);
        }
    }
}
