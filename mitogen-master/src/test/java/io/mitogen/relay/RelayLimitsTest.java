// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.route.Link;
import io.mitogen.core.route.Registration;
import io.mitogen.core.route.Router;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.testing.LinkedRouters;
import io.mitogen.core.testing.QuietLogExtension;
import io.mitogen.core.wire.Handles;
import io.mitogen.core.wire.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits of the memory that children use in a parent. */
final class RelayLimitsTest {
    private static final RouteGuard ANYWHERE = new RouteGuard() {
        @Override
        public boolean admit(int contextId, Link from) {
            return true;
        }

        @Override
        public boolean isOwner(int ownerId, int contextId) {
            return false;
        }
    };

    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    final QuietLogExtension log = new QuietLogExtension();

    private LinkedRouters tree;
    private LinkedRouters.Node hostile;
    private LinkedRouters.Node honest;
    private Router router;

    @BeforeEach
    void build() {
        tree = new LinkedRouters(log.sink());
        hostile = tree.child(1);
        honest = tree.child(2);
        router = tree.master().router();
    }

    @AfterEach
    void close() {
        tree.close();
    }

    private static boolean add(OpenRequests open, Link from, int bytes) {
        boolean[] isTaken = new boolean[1];
        from.stream().broker().runInTurn(() -> isTaken[0] = open.add(from, bytes));
        return isTaken[0];
    }

    @Test
    void shouldEndTheLinkWithMostOpenRequestsWhenAllTogetherAreTooMany() {
        OpenRequests open = new OpenRequests(router, 100_000);
        Link one = router.route(1);
        Link two = router.route(2);
        assertTrue(add(open, two, 10_000));
        int count = 0;
        while (add(open, one, 0)) {
            count++;
            assertTrue(count < 1_000, "requests without a body are counted, too");
        }
        assertNull(router.route(1));
        assertFalse(open.remove(one, 0), "nobody waits for it");
        assertTrue(open.remove(two, 10_000));
        for (int i = 0; i < 100; i++) {
            assertTrue(add(open, two, 90_000));
            assertTrue(open.remove(two, 90_000));
        }
        assertNotNull(router.route(2));
    }

    @Test
    void shouldEndTheLinkThatHasMostAndNotTheOneThatAsksLast() {
        OpenRequests open = new OpenRequests(router, 100_000);
        assertTrue(add(open, router.route(1), 90_000));
        assertTrue(add(open, router.route(2), 20_000));
        assertNull(router.route(1));
        assertNotNull(router.route(2));
    }

    @Test
    void shouldLetNoMoreThanAShareBeAskedForInTheNameOfOthers() {
        OpenRequests open = new OpenRequests(router, 100_000);
        assertTrue(open.allowsStranger(router.route(1)));
        add(open, router.route(1), 30_000);
        assertFalse(open.allowsStranger(router.route(1)));
        assertTrue(open.allowsStranger(router.route(2)));
    }

    @Test
    void shouldCountEverythingAsSentWhenTheNamesTakeTooMuch() {
        SentSet sent = new SentSet(1_000);
        assertTrue(sent.add("a"));
        assertFalse(sent.add("a"));
        assertFalse(sent.contains("b"));
        assertTrue(sent.add("x".repeat(1_000)));
        assertTrue(sent.contains("b"));
        assertFalse(sent.add("b"));
    }

    @Test
    void shouldRefuseMoreRoutesThanAShareOfTheHeapHolds() {
        log.expect("as many as this context has memory for");
        router.broker().runInTurn(() -> new RouteMonitor(tree.master().contexts(), ANYWHERE, 0));
        List<String> refused = new CopyOnWriteArrayList<>();
        hostile.router()
                .addHandler(Registration.of((message, from) -> refused.add(message.text()))
                        .on(Handles.DEL_ROUTE)
                        .overwriting());
        for (int id = 1_001; id <= 2_001; id++) {
            hostile.router().send(Message.text(0, Handles.ADD_ROUTE, id + ":x"));
        }
        Eventually.until(SOON, () -> refused.equals(List.of("2001")));
        hostile.router().send(Message.text(0, Handles.DEL_ROUTE, "1001"));
        hostile.router().send(Message.text(0, Handles.ADD_ROUTE, "2002:x"));
        honest.router().send(Message.text(0, Handles.ADD_ROUTE, "3000:x"));
        Eventually.until(SOON, () -> router.route(2_002) != null && router.route(3_000) != null);
        assertEquals(List.of("2001"), refused);
    }

    @Test
    void shouldRefuseWhatIsLongerThanAMessageToAHandleCanBe() {
        log.expect("ignored a TEST of 1001 bytes, from link to context 1 (child1)");
        List<Integer> taken = new CopyOnWriteArrayList<>();
        router.addHandler(Registration.of((message, from) -> taken.add(message.length()))
                .on(5_000)
                .policy(new ShortMessages("a TEST of", 1_000, null)));
        for (int length : new int[] {0, 1_000, 1_001, 1}) {
            hostile.router().send(Message.to(0, 5_000, 0, new byte[length]));
        }
        Eventually.until(SOON, () -> taken.equals(List.of(0, 1_000, 1)));
    }
}
