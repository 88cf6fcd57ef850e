// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.pickle.Kwargs;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.ConnectResults;
import io.mitogen.master.Connected;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.master.RouterOptions;
import io.mitogen.parent.ConnectException;
import io.mitogen.parent.ContextOptions;
import io.mitogen.parent.Parenthood;
import io.mitogen.parent.SelfConnecting;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many attempts at once, in this process. */
class WideConnectTest {
    private static final Duration LIMIT = Duration.ofSeconds(25);

    /** A method with a secret, which remembers weakly those that were made: in a context, those that came to it. */
    public record Confidential(ContextOptions common, Secret secret) implements SelfConnecting {
        static final Queue<WeakReference<Secret>> MADE = new ConcurrentLinkedQueue<>();

        public Confidential {
            MADE.add(new WeakReference<>(secret));
        }

        /** Makes it again. */
        public static Confidential fromOptions(Kwargs options) {
            return new Confidential(
                    ContextOptions.fromKwargs((Kwargs) options.get("common")), (Secret) options.get("secret"));
        }

        @Override
        public Kwargs options() {
            Map<String, Object> options = new HashMap<>();
            options.put("common", common.toKwargs());
            options.put("secret", secret);
            return Kwargs.copyOf(options);
        }

        @Override
        public CompletableFuture<Context> connect(Parenthood parent) {
            return new InProcess(common).connect(parent);
        }
    }

    static final class Guest {
        private Guest() {}

        static String echo(String text) {
            return text;
        }

        static Context startBelow(ChildContext child) {
            return child.connect(InProcess.create().name("deep"));
        }

        static String pathOf(ChildContext child, Context context) {
            return child.self().path() + " sees " + context.path();
        }

        /** Returns how many secrets came here, and how many of them are still kept. */
        static List<Integer> secrets() {
            System.gc();
            int kept = 0;
            for (WeakReference<Secret> each : Confidential.MADE) {
                if (each.get() != null) {
                    kept++;
                }
            }
            return List.of(Confidential.MADE.size(), kept);
        }
    }

    private static List<InProcess> named(int count) {
        List<InProcess> methods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            methods.add(InProcess.create().name("guest-" + i));
        }
        return methods;
    }

    @Test
    void shouldReturnAHundredResultsAsTheyCome() throws Exception {
        Mitogen.run(RouterOptions.DEFAULT.withAttemptsAtATime(4), router -> {
            Set<String> names = new HashSet<>();
            ConnectResults results = router.connectAll(named(100));
            for (Connected each : results) {
                assertTrue(each.isUp());
                assertEquals(
                        ((InProcess) each.method()).common().name(),
                        each.context().name());
                assertThrows(IllegalStateException.class, each::failure);
                names.add(each.context().call(Guest::echo, each.context().name()));
            }
            assertEquals(100, names.size());
            assertThrows(NoSuchElementException.class, results::next);
        });
    }

    @Test
    void shouldReturnFailuresBesideTheOthers() throws Exception {
        Mitogen.run(router -> {
            List<InProcess> methods = named(3);
            methods.add(InProcess.create().connectTimeout(Duration.ofNanos(1)).name("late"));
            int failed = 0;
            for (Connected each : router.connectAll(methods)) {
                if (!each.isUp()) {
                    failed++;
                    assertEquals("late", ((InProcess) each.method()).common().name());
                    assertInstanceOf(ConnectException.class, each.failure());
                    assertEquals(each.failure(), assertThrows(ConnectException.class, each::context));
                }
            }
            assertEquals(1, failed);
        });
    }

    @Test
    void shouldNotLetACallbackThatWaitsStopOthers() throws Exception {
        Mitogen.run(router -> {
            CountDownLatch second = new CountDownLatch(1);
            CompletableFuture<Boolean> first = router.connectAsync(InProcess.create())
                    .thenApply(context -> {
                        try {
                            return second.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            router.connect(InProcess.create());
            second.countDown();
            assertTrue(first.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        });
    }

    @Test
    void shouldGiveUpWhatTheUserNoLongerWaitsFor() throws Exception {
        Mitogen.run(RouterOptions.DEFAULT.withAttemptsAtATime(1), router -> {
            try (ConnectResults results = router.connectAll(named(40))) {
                assertTrue(results.next().isUp());
            }
            Context last = router.connect(InProcess.create());
            assertTrue(
                    last.id() < 40, "contexts that were given up were never begun, but this one has id " + last.id());
        });
    }

    @Test
    void shouldFailWaitingAttemptsWhenTheRouterIsClosed() throws Exception {
        List<CompletableFuture<Context>> attempts = new ArrayList<>();
        Mitogen.run(RouterOptions.DEFAULT.withAttemptsAtATime(1), router -> {
            for (InProcess each : named(20)) {
                attempts.add(router.connectAsync(each));
            }
        });
        Eventually.until(LIMIT, "all end", () -> attempts.stream().allMatch(CompletableFuture::isDone));
        ConnectException e = (ConnectException)
                attempts.get(19).handle((context, failure) -> failure).join();
        assertEquals(ConnectException.Reason.CANCELLED, e.reason());
    }

    @Test
    void shouldSayThePathOfAContext() throws Exception {
        String here = System.getProperty("user.name") + "@";
        Mitogen.run(router -> {
            Context a = router.connect(InProcess.create().name("a"));
            Context b = router.connect(InProcess.create().name("b").via(a));
            Context c = router.connect(InProcess.create().name("c").via(b));
            String start = router.context(0).path();
            assertTrue(start.startsWith(here), start);
            assertEquals(start + " -> InProcess a -> InProcess b -> InProcess c", c.path());

            Context deep = c.call(Guest::startBelow);
            assertEquals(c.path() + " -> (deep)", shortened(deep.path(), a), "of one that another connected");
            assertEquals("a sees a -> InProcess b", a.call(Guest::pathOf, b), "in the context that connected it");
            assertEquals("c sees a", c.call(Guest::pathOf, a), "in a context that knows nothing of it");
        });
    }

    /** Takes the names of those in between out of what the first link told. */
    private static String shortened(String path, Context first) {
        return path.replace(first.path() + " -> (b.c.deep)", first.path() + " -> InProcess b -> InProcess c -> (deep)");
    }

    @Test
    void shouldSayThePathOfAFailureOnce() throws Exception {
        Mitogen.run(router -> {
            Context a = router.connect(InProcess.create().name("a"));
            Context b = router.connect(InProcess.create().name("b").via(a));
            ConnectException e = assertThrows(
                    ConnectException.class,
                    () -> router.connect(Local.create().java("/nowhere/java").via(b)));
            assertEquals(ConnectException.Reason.NO_JAVA, e.reason());
            String path = b.path() + " -> Local";
            assertTrue(e.getMessage().contains("; path: " + path), e::getMessage);
            assertEquals(e.getMessage().indexOf("path:"), e.getMessage().lastIndexOf("path:"), e::getMessage);
            assertEquals(e.getMessage().indexOf("cannot"), e.getMessage().lastIndexOf("cannot connect"), e::getMessage);
        });
    }

    @Test
    void shouldKeepNoSecretAfterAnAttempt() throws Exception {
        Mitogen.run(router -> {
            Confidential.MADE.clear();
            Context via = router.connect(InProcess.create());
            List<Context> up = connectWithSecrets(router, via);
            Eventually.until(LIMIT, "no secret here", () -> Guest.secrets().get(1) == 0);
            assertEquals(List.of(3, 0), Guest.secrets());
            Eventually.until(
                    LIMIT, "no secret there", () -> via.call(Guest::secrets).get(1) == 0);
            assertEquals(List.of(2, 0), via.call(Guest::secrets));
            assertEquals("up", up.get(0).call(Guest::echo, "up"));
        });
    }

    /** In a method of its own, whose variables are gone when it returns. */
    private static List<Context> connectWithSecrets(MasterRouter router, Context via) {
        List<Context> up = new ArrayList<>();
        up.add(router.connect(new Confidential(ContextOptions.DEFAULT, Secret.of(new String("direct")))));
        up.add(router.connect(
                new Confidential(ContextOptions.DEFAULT.withVia(via), Secret.of(new String("through another")))));
        Confidential failing = new Confidential(
                ContextOptions.DEFAULT.withVia(via).withConnectTimeout(Duration.ofMillis(1)),
                Secret.of(new String("late")));
        assertThrows(ConnectException.class, () -> router.connect(failing));
        assertFalse(up.isEmpty());
        return up;
    }
}
