// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.CallException;
import io.mitogen.core.call.ChildContext;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.testing.Eventually;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Contexts in this process. What the guests run is below, in {@link Guest}. */
class InProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final String SHARED = "io.mitogen.connect.InProcessTest";

    /** Runs in the contexts; its static state tells them apart. */
    static final class Guest {
        private static int count;

        private Guest() {}

        static int countUp() {
            return ++count;
        }

        static String echo(String text) {
            return text;
        }

        static long pid() {
            return ProcessHandle.current().pid();
        }

        static String threadName() {
            return Thread.currentThread().getName();
        }

        static void fail() {
            throw new IllegalStateException("as ordered");
        }

        static int interruptItself() {
            Thread.currentThread().interrupt();
            return 1;
        }

        /** Hangs until it is interrupted; says through the JDK, which all contexts share, that it has begun. */
        static void hang() throws InterruptedException {
            ((CountDownLatch) System.getProperties().get(SHARED)).countDown();
            new CountDownLatch(1).await();
        }

        static void shareLoader() {
            System.getProperties().put(SHARED, new WeakReference<>(Guest.class.getClassLoader()));
        }

        static String startAnother(ChildContext child, String name) {
            Context other = child.connect(InProcess.create().name(name));
            return other.name() + " counts " + other.call(Guest::countUp);
        }

        static long startLocal(ChildContext child) {
            return child.connect(Local.create()).call(Guest::pid);
        }
    }

    @Test
    void shouldCallFunctionsInThisProcessWithStaticStateOfTheirOwn() throws Exception {
        Mitogen.run(router -> {
            Context one = router.connect(InProcess.create().name("one"));
            Context two = router.connect(InProcess.create());

            assertEquals(1, one.call(Guest::countUp));
            assertEquals(2, one.call(Guest::countUp));
            assertEquals(1, two.call(Guest::countUp));
            assertEquals(0, Guest.count);
            assertEquals(ProcessHandle.current().pid(), one.call(Guest::pid));
            assertEquals("mitogen.inprocess.one", one.call(Guest::threadName));
            assertEquals("inprocess." + two.id(), two.name());
        });
    }

    @Test
    void shouldCarryMessagesLargerThanThePipe() throws Exception {
        Mitogen.run(router -> {
            String text = "x".repeat(1_000_000);

            assertEquals(text, router.connect(InProcess.create()).call(Guest::echo, text));
        });
    }

    @Test
    void shouldReturnEveryResultAlsoWhenTheNextCallHangs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        System.getProperties().put(SHARED, begun);
        try {
            Mitogen.run(router -> {
                Context context = router.connect(InProcess.create());
                List<CompletableFuture<String>> results = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    results.add(context.callAsync(Guest::echo, "result " + i));
                }
                CompletableFuture<Void> hanging = context.callAsync(Guest::hang);

                for (int i = 0; i < results.size(); i++) {
                    assertEquals("result " + i, results.get(i).get(LIMIT.toSeconds(), TimeUnit.SECONDS));
                }
                assertTrue(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
                assertFalse(hanging.isDone());
            });
        } finally {
            System.getProperties().remove(SHARED);
        }
    }

    @Test
    void shouldReportAnExceptionToTheCaller() throws Exception {
        Mitogen.run(router -> {
            Context guest = router.connect(InProcess.create());

            CallException e = assertThrows(CallException.class, () -> guest.call(Guest::fail));

            assertTrue(e.getMessage().contains("as ordered"), e.getMessage());
        });
    }

    @Test
    void shouldKeepTheLinkWhenAFunctionLeavesItsThreadInterrupted() throws Exception {
        Mitogen.run(router -> {
            Context guest = router.connect(InProcess.create());

            assertEquals(1, guest.call(Guest::interruptItself));
            assertEquals("still there", guest.call(Guest::echo, "still there"));
        });
    }

    @Test
    void shouldStartOthersThroughItselfAndThroughVia() throws Exception {
        Mitogen.run(router -> {
            Context guest = router.connect(InProcess.create().name("guest"));

            assertEquals("nested counts 1", guest.call(Guest::startAnother, "nested"));
            Context via = router.connect(InProcess.create().name("proxied").via(guest));
            assertEquals(1, via.call(Guest::countUp));
            assertEquals("guest.proxied", via.name());
        });
    }

    @Test
    void shouldStartAProcess() throws Exception {
        Mitogen.run(router -> {
            Context guest = router.connect(InProcess.create());

            assertNotEquals(ProcessHandle.current().pid(), guest.call(Guest::startLocal));
        });
    }

    @Test
    void shouldFailPendingCallsAndEndWhenShutDown() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        System.getProperties().put(SHARED, began);
        try {
            Mitogen.run(router -> {
                Context guest = router.connect(InProcess.create().name("hung"));
                CompletableFuture<Void> pending = guest.callAsync(Guest::hang);
                assertTrue(began.await(LIMIT.toSeconds(), TimeUnit.SECONDS));

                guest.shutdown();

                CompletionException e = assertThrows(CompletionException.class, pending::join);
                assertEquals(ContextGoneException.class, e.getCause().getClass(), e::toString);
                guest.gone().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThrows(ContextGoneException.class, () -> guest.call(Guest::countUp));
            });
        } finally {
            System.getProperties().remove(SHARED);
        }
    }

    @Test
    void shouldRefuseANameWithASlash() {
        assertThrows(IllegalArgumentException.class, () -> InProcess.create().name("a/b"));
    }

    @Test
    void shouldFailWhenTheTimeIsOver() throws Exception {
        Mitogen.run(router -> {
            ConnectException e = assertThrows(
                    ConnectException.class,
                    () -> router.connect(InProcess.create().connectTimeout(Duration.ofNanos(1))));

            assertEquals(ConnectException.Reason.TIMEOUT, e.reason(), e::toString);
        });
    }

    @Test
    void shouldLeaveNoThreadAndNoClassBehind() throws Exception {
        Set<String> before = threads();
        try {
            Mitogen.run(InProcessTest::useAndLeave);
            WeakReference<?> loader = (WeakReference<?>) System.getProperties().get(SHARED);

            Eventually.until(LIMIT, "the end of " + threads(), () -> before.containsAll(threads()));
            Eventually.until(LIMIT, "the collection of the guest's loader", () -> {
                System.gc();
                return loader.refersTo(null);
            });
        } finally {
            System.getProperties().remove(SHARED);
        }
    }

    private static void useAndLeave(MasterRouter router) {
        Context guest = router.connect(InProcess.create().name("left"));
        guest.call(Guest::startAnother, "below");
        guest.call(Guest::shareLoader);
    }

    private static Set<String> threads() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("mitogen.")) {
                names.add(thread.getName() + "#" + thread.getId());
            }
        }
        return names;
    }
}
