// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.mitogen.core.loop.MemoryPeer;
import io.mitogen.core.testing.QuietLogExtension;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * As many routes as a whole data centre has, and as many calls under way: work that grew with the product of both would not end
 * within the time that any test has.
 */
final class ManyRoutesTest {
    private static final int ROUTES = 300_000;
    private static final int CALLS = 100_000;
    private static final int FIRST = 1_000;
    private static final long MOST_BYTES_FOR_A_ROUTE = 150;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private final RouterFixture master = new RouterFixture(log.sink(), false, 0);
    private MemoryPeer behind;
    private int failed;

    @BeforeEach
    void connect() {
        behind = master.child(1);
        master.child(2);
    }

    private void addRoutes() {
        Link link = master.router.route(1);
        master.inTurn(() -> {
            for (int id = FIRST; id < FIRST + ROUTES; id++) {
                master.router.addRoute(id, link);
            }
        });
    }

    private void callOthers(int respondent) {
        for (int i = 0; i < CALLS; i++) {
            master.router.addHandler(Registration.reply((message, from) -> failed++, respondent));
        }
    }

    @Test
    void shouldNeedTheSameMemoryForEachRoute() {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        addRoutes();
        long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertEquals(ROUTES + 2, master.router.routedIds().length);
        assertTrue(bytes < ROUTES * MOST_BYTES_FOR_A_ROUTE, bytes + " bytes for " + ROUTES + " routes");
    }

    @Test
    void shouldLookOnceAtThoseWhoWaitWhenALinkWithManyRoutesIsLost() {
        addRoutes();
        callOthers(2);
        callOthers(FIRST + 17);
        behind.hangUp();
        assertEquals(CALLS, failed);
        assertEquals(1, master.router.routedIds().length);
    }

    @Test
    void shouldNotLookAtThoseWhoWaitForOthersWhenManyRoutesAreLostOneByOne() {
        addRoutes();
        callOthers(2);
        master.inTurn(() -> {
            for (int id = FIRST; id < FIRST + ROUTES; id++) {
                master.router.deleteRoute(id, "lost");
            }
        });
        assertEquals(0, failed);
        assertEquals(2, master.router.routedIds().length);
    }

    @Test
    void shouldLookAtNoRouteOfAnotherLinkWhenManyLinksAreLost() {
        addRoutes();
        for (int id = 900_000; id < 903_000; id++) {
            master.child(id).hangUp();
        }
        assertEquals(ROUTES + 2, master.router.routedIds().length);
    }
}
