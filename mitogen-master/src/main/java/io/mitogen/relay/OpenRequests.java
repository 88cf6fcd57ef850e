// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import io.mitogen.core.Nullable;
import io.mitogen.core.route.Link;
import io.mitogen.core.route.Router;
import io.mitogen.core.route.RouterListener;
import java.util.HashMap;
import java.util.Map;

/**
 * The requests of children that are not answered yet, counted in bytes. When all of them take more than the limit, the child that
 * has most of them loses its link: an honest one waits for what it asked for. Any thread.
 */
public final class OpenRequests implements RouterListener {
    /** What the requests of all children of a relay may take, of one kind: passed on, they are far below a master's limit. */
    private static final long RELAY_BYTES = 6 * 1024 * 1024;

    /** What a master allows at least: twice what an honest relay passes on of one kind. */
    private static final long LEAST_MASTER_BYTES = 2 * RELAY_BYTES;

    private static final long MOST_MASTER_BYTES = 64 * 1024 * 1024;

    /** What a request takes besides its body. */
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

    /** Counts a request with so long a body; returns false when it is one too many of a child that loses its link for it. */
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

    /** Counts the answer to a request. Returns false when nobody waits for it, as the link is gone or about to be. */
    public boolean remove(Link from, int bodyBytes) {
        synchronized (bytesByLink) {
            boolean isOpen = bytesByLink.containsKey(from);
            if (isOpen) {
                change(from, -REQUEST_BYTES - bodyBytes);
            }
            return isOpen;
        }
    }

    /** Tells whether {@code from} may ask for something in the name of others: a share of what it may itself. */
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
