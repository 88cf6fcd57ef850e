// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.loop.Broker;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.testkit.DescriptorLeakCheck;
import io.mitogen.testkit.FaultProxy.Cut;
import io.mitogen.testkit.FaultProxy.Direction;
import io.mitogen.testkit.LeakCheck;
import io.mitogen.testkit.LocalSshd;
import io.mitogen.testkit.ProcessLeakCheck;
import io.mitogen.testkit.RequiresSshd;
import io.mitogen.testkit.TempFileLeakCheck;
import io.mitogen.testkit.ThreadLeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad networks between ssh and sshd. Everything ends in a value or a failure with a name, and leaves nothing on either end. */
@RequiresSshd
@Timeout(120)
final class SshFaultIT {
    private static final Duration SOON = Duration.ofSeconds(25);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5); // in a black hole
    private static final int MEGABYTE = 1 << 20;
    private static final String[] KEEP_ALIVE = {"-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2"};

    private static LeakCheck threads; // those for callbacks end when they have been idle: checked once for all tests
    private static LocalSshd sshd;
    private static List<BootStages.Place> places;

    private final List<FaultyLink> links = new ArrayList<>();
    private List<LeakCheck> leaks;
    private Broker broker;
    private MasterRouter router;

    @BeforeAll
    static void measure() throws Exception {
        threads = ThreadLeakCheck.start();
        sshd = LocalSshd.start("LogLevel DEBUG1");
        places = BootStages.measure(sshd);
    }

    @AfterAll
    static void stop() {
        sshd.close();
        threads.check(SOON);
    }

    @BeforeEach
    void start() {
        leaks = List.of(
                sshd.leakCheck(), ProcessLeakCheck.start(), DescriptorLeakCheck.start(), TempFileLeakCheck.start());
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
    }

    /** First the master ends, then the network tells the server at last, as keep-alive messages or the kernel would. */
    @AfterEach
    void shouldLeaveNothingOnEitherEnd() {
        router.close();
        broker.close();
        links.forEach(link -> link.proxy().cut(Cut.RESET));
        links.forEach(FaultyLink::close);
        leaks.forEach(check -> check.check(SOON));
    }

    private FaultyLink link() {
        FaultyLink link = new FaultyLink(sshd);
        links.add(link);
        return link;
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void shouldNameTheFailureWhereverTheStartIsCut(Cut cut) throws Exception {
        Map<BootStages.Place, CompletableFuture<Context>> attempts = new LinkedHashMap<>();
        for (BootStages.Place place : places) {
            FaultyLink link = link();
            link.proxy().cutAfter(place.direction(), place.bytes(), cut);
            attempts.put(
                    place,
                    router.connectAsync(cut == Cut.BLACK_HOLE ? link.ssh().connectTimeout(CONNECT_LIMIT) : link.ssh()));
        }
        for (Map.Entry<BootStages.Place, CompletableFuture<Context>> attempt : attempts.entrySet()) {
            String place = cut + " at " + attempt.getKey();
            CompletableFuture<Context> result = attempt.getValue();
            if (isFailed(result)) {
                ConnectException e = assertInstanceOf(ConnectException.class, failureOf(result), place);
                assertTrue(expected(cut).contains(e.reason()), () -> place + " was " + e.reason() + ": " + e);
                assertTrue(e.getMessage().contains("Ssh 127.0.0.1"), e::getMessage);
            } else { // ready just before the cut
                assertFalse(attempt.getKey().isBeforeReady(), place + " did not prevent the start");
            }
        }
    }

    /** Whoever has never heard the server says that it cannot be reached. */
    private static Set<ConnectException.Reason> expected(Cut cut) {
        return cut == Cut.BLACK_HOLE
                ? EnumSet.of(ConnectException.Reason.TIMEOUT, ConnectException.Reason.UNREACHABLE)
                : EnumSet.of(ConnectException.Reason.DISCONNECTED, ConnectException.Reason.UNREACHABLE);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void shouldFailEveryCallWhereverItIsCut(Cut cut) throws Exception {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        List<Context> contexts = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            FaultyLink link = link();
            Context context = router.connect(link.ssh(KEEP_ALIVE));
            contexts.add(context);
            assertEquals(1, context.call(Acts::count, new byte[1])); // the classes are there
            link.proxy().cutAfter(direction, link.proxy().bytes(direction) + MEGABYTE / 2, cut);
            calls.add(context.callAsync(Acts::echo, new byte[MEGABYTE]));
            calls.add(context.callAsync(Acts::waitForEver));
        }
        for (CompletableFuture<?> call : calls) {
            assertInstanceOf(ContextGoneException.class, failureOf(call), cut + " during calls");
        }
        for (Context context : contexts) {
            context.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertInstanceOf(ContextGoneException.class, failureOf(context.callAsync(Acts::pid)));
        }
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void shouldFailCallsBehindALinkThatIsCut(Cut cut) throws Exception {
        FaultyLink outer = link();
        FaultyLink inner = link();
        Context bastion = router.connect(outer.ssh(KEEP_ALIVE));
        Context behind = router.connect(inner.ssh().via(bastion));
        assertEquals(1, behind.call(Acts::count, new byte[1]));
        CompletableFuture<?> waiting = behind.callAsync(Acts::waitForEver);
        CompletableFuture<?> sending = behind.callAsync(Acts::echo, new byte[MEGABYTE]);

        outer.proxy().cut(cut);

        assertInstanceOf(ContextGoneException.class, failureOf(waiting));
        if (isFailed(sending)) { // its result may have passed before
            assertInstanceOf(ContextGoneException.class, failureOf(sending));
        }
        behind.gone().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void shouldTellTheMiddleWhatHappenedBehindIt(Cut cut) throws Exception {
        FaultyLink inner = link();
        Context bastion = router.connect(link().ssh());
        Context behind = router.connect(inner.ssh(KEEP_ALIVE).via(bastion));
        assertEquals(1, behind.call(Acts::count, new byte[1]));
        CompletableFuture<?> waiting = behind.callAsync(Acts::waitForEver);

        inner.proxy().cut(cut);

        assertInstanceOf(ContextGoneException.class, failureOf(waiting));
        assertEquals(1, bastion.call(Acts::count, new byte[1]));
    }

    @Test
    void shouldWorkByteByByte() throws Exception {
        FaultyLink link = link();
        link.proxy().chop(1);
        assertWorks(router.connect(link.ssh()), 10_000);
    }

    @Test
    void shouldWorkOverALongWay() throws Exception {
        FaultyLink link = link();
        link.proxy().delay(Duration.ofMillis(60));
        assertWorks(router.connect(link.ssh()), 100_000);
    }

    @Test
    void shouldWorkOverASlowAndShakyLine() throws Exception {
        FaultyLink link = link();
        link.proxy().limitRate(100_000);
        link.proxy().delay(Duration.ofMillis(50));
        link.proxy().chop(100);
        assertWorks(router.connect(link.ssh()), 20_000);
    }

    /** Nobody helps here: the server's own keep-alive must find out and end everything. */
    @Test
    void shouldLeaveNothingOnTheTargetWhenNobodyTellsTheServer() throws Exception {
        try (LocalSshd careful = LocalSshd.start("ClientAliveInterval 1", "ClientAliveCountMax 2");
                FaultyLink link = new FaultyLink(careful)) {
            LeakCheck left = careful.leakCheck();
            Context context = router.connect(link.ssh(KEEP_ALIVE));
            assertTrue(context.call(Acts::pid) > 0);
            CompletableFuture<?> call = context.callAsync(Acts::waitForEver);

            link.proxy().cut(Cut.BLACK_HOLE);

            left.check(SOON);
            assertInstanceOf(ContextGoneException.class, failureOf(call));
        }
    }

    private static void assertWorks(Context context, int size) {
        byte[] sent = new byte[size];
        new Random(size).nextBytes(sent);
        assertArrayEquals(sent, context.call(Acts::echo, sent));
    }

    private static boolean isFailed(CompletableFuture<?> result) throws Exception {
        return result.handle((value, failure) -> failure != null).get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns why it failed; fails when it has a value, or does not end in time. */
    private static Throwable failureOf(CompletableFuture<?> result) throws InterruptedException, TimeoutException {
        try {
            Object value = result.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("it ended with " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
