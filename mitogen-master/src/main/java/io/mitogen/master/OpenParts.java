// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.master;

import io.mitogen.core.Nullable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The files that contexts read in parts, each open where its next part begins: a file in a jar would have to be inflated from its
 * start for every part. Few are kept; the least recently used is closed for another. Any thread, one at a time for each file.
 */
final class OpenParts {
    static final int MAX_OPEN = 4;

    /** How long a file is kept open for the next part. */
    static final long IDLE_NS = 30_000_000_000L;

    private record Open(Object owner, String file, long offset, InputStream in, long sinceNs) {}

    private final Deque<Open> open = new ArrayDeque<>(); // least recently used first; guarded by itself
    private final LongSupplier nanoClock;

    OpenParts() {
        this(System::nanoTime);
    }

    OpenParts(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Reads a part of a file that was left open at the beginning of that; null when none was.
     *
     * @param owner whoever takes {@code url} for the same file
     */
    @Nullable
    byte[] next(Object owner, URL url, Extent extent) throws IOException {
        Open found = extent.isPart() && extent.offset() > 0 ? take(owner, url.toExternalForm(), extent.offset()) : null;
        return found == null ? null : read(owner, url, extent, found.in, 0);
    }

    /** Reads from the start of a file as the extent says, and takes {@code in} over: closes it, or keeps it for the next part. */
    byte[] first(Object owner, URL url, Extent extent, InputStream in) throws IOException {
        return read(owner, url, extent, in, extent.offset());
    }

    private byte[] read(Object owner, URL url, Extent extent, InputStream in, long skipped) throws IOException {
        boolean isKept = false;
        try {
            byte[] bytes = extent.read(in, skipped);
            isKept = extent.isPart() && bytes.length == extent.limit();
            if (isKept) {
                keep(new Open(owner, url.toExternalForm(), extent.offset() + bytes.length, in, nanoClock.getAsLong()));
            }
            return bytes;
        } finally {
            if (!isKept) {
                in.close();
            }
        }
    }

    private @Nullable Open take(Object owner, String file, long offset) {
        synchronized (open) {
            for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
                Open candidate = each.next();
                if (candidate.owner == owner && candidate.file.equals(file) && candidate.offset == offset) {
                    each.remove();
                    return candidate;
                }
            }
            return null;
        }
    }

    private void keep(Open kept) {
        Open oldest;
        synchronized (open) {
            open.addLast(kept);
            oldest = open.size() > MAX_OPEN ? open.removeFirst() : null;
        }
        if (oldest != null) {
            close(List.of(oldest));
        }
    }

    /** Closes what nobody has read from for a while. */
    void closeIdle() {
        List<Open> idle = new ArrayList<>();
        synchronized (open) {
            while (!open.isEmpty() && nanoClock.getAsLong() - open.getFirst().sinceNs >= IDLE_NS) {
                idle.add(open.removeFirst());
            }
        }
        close(idle);
    }

    /** Tells whether a file is open. */
    boolean isAnyOpen() {
        synchronized (open) {
            return !open.isEmpty();
        }
    }

    /** Closes all; who reads on has its file opened again. */
    void close() {
        List<Open> all;
        synchronized (open) {
            all = new ArrayList<>(open);
            open.clear();
        }
        close(all);
    }

    private static void close(List<Open> files) {
        for (Open each : files) {
            try {
                each.in.close();
            } catch (IOException | RuntimeException expected) {
                // nothing more is wanted of it
            }
        }
    }
}
