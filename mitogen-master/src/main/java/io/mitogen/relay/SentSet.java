// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import java.util.HashSet;
import java.util.Set;

/**
 * The paths that went down one stream, so that nothing is sent ahead twice. When they take more than a share of the heap,
 * every path counts as sent. Any thread.
 */
public final class SentSet {
    /** Overhead of a path besides its characters, in bytes. */
    private static final int PATH_BYTES = 100;

    private final long maxBytes;
    private final Set<String> paths = new HashSet<String>(); // guarded by itself
    private long bytes; // guarded by paths

    /** Makes a set with the usual limit. */
    public SentSet() {
        this(Runtime.getRuntime().maxMemory() / 32);
    }

    SentSet(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Notes {@code path}; tells whether it is new. */
    public boolean add(String path) {
        synchronized (paths) {
            if (bytes > maxBytes || !paths.add(path)) {
                return false;
            }
            bytes += PATH_BYTES + path.length();
            return true;
        }
    }

    /** Tells whether {@code path} was noted. */
    public boolean contains(String path) {
        synchronized (paths) {
            return bytes > maxBytes || paths.contains(path);
        }
    }
}
