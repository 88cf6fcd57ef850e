// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.Nullable;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the unanswered requests of children, in bytes. When all together exceed the limit, the link with the most is closed: an
 * honest child waits for its answers. Any thread.
 */
public final class OpenRequests implements RouterListener {
    /** Limit of a relay for one kind of requests, far below that of a master to which it passes them on. */
    private static final long RELAY_BYTES = 6 * 1024 * 1024;

    /** Least limit of a master: twice that of a relay. */
    private static final long LEAST_MASTER_BYTES = 2 * RELAY_BYTES;

    /** Highest limit of a master. */
    private static final long MOST_MASTER_BYTES = 64 * 1024 * 1024;

    /** Overhead of a request besides its body, in bytes. */
    private static final int REQUEST_BYTES = 160;

    private final Router router;
    private final long limit;
    private final Map<Link, Long> bytesByLink = new HashMap<Link, Long>(); // guarded by itself
    private long total; // guarded by bytesByLink

    /** Makes an account of requests that take at most {@code limit} bytes. */
    OpenRequests(Router router, long limit) {
        this.router = router;
        this.limit = limit;
        router.listeners().add(this);
    }

    /** Returns the account of a master, for one kind of requests: a share of the heap. */
    public static OpenRequests ofMaster(Router router) {
        long share = Runtime.getRuntime().maxMemory() / 16;
        return new OpenRequests(router, Math.min(MOST_MASTER_BYTES, Math.max(LEAST_MASTER_BYTES, share)));
    }

    /** Returns the account of a relay, for one kind of requests. */
    public static OpenRequests ofRelay(Router router) {
        return new OpenRequests(router, RELAY_BYTES);
    }

    /** Counts a request. Returns false when its link is closed, or about to be closed for this request. */
    public boolean add(Link from, int bodyBytes) {
        Link most = null;
        long bytes = 0;
        synchronized (bytesByLink) {
            change(from, REQUEST_BYTES + bodyBytes);
            if (total > limit) {
                for (Map.Entry<Link, Long> each : bytesByLink.entrySet()) {
                    if (each.getValue() > bytes) {
                        most = each.getKey();
                        bytes = each.getValue();
                    }
                }
                change(most, -bytes);
            }
        }
        if (most != null) {
            end(most, bytes);
        }
        return most != from && !from.stream().isClosed();
    }

    private void end(Link link, long bytes) {
        String reason = "it does not read: " + bytes + " bytes of its requests wait";
        router.broker().tryDefer(new Runnable() {
            @Override
            public void run() {
                link.stream().close(reason);
            }
        });
    }

    /** Uncounts an answered request. Returns false when the link is gone, or about to be, and so needs no answer. */
    public boolean remove(Link from, int bodyBytes) {
        synchronized (bytesByLink) {
            boolean isOpen = bytesByLink.containsKey(from);
            if (isOpen) {
                change(from, -REQUEST_BYTES - bodyBytes);
            }
            return isOpen;
        }
    }

    /** Tells whether {@code from} may pass a request of another context: within a quarter of the limit. */
    public boolean allowsStranger(Link from) {
        synchronized (bytesByLink) {
            Long bytes = bytesByLink.get(from);
            return bytes == null || bytes < limit / 4;
        }
    }

    private void change(Link link, long bytes) {
        long after = bytes + bytesByLink.getOrDefault(link, 0L);
        total += bytes;
        if (after == 0) {
            bytesByLink.remove(link);
        } else {
            bytesByLink.put(link, after);
        }
    }

    @Override
    public void onContextGone(int contextId, @Nullable Link over, String reason) {}

    @Override
    public void onLinkGone(Link link, String reason) {
        synchronized (bytesByLink) {
            change(link, -bytesByLink.getOrDefault(link, 0L));
        }
    }
}
