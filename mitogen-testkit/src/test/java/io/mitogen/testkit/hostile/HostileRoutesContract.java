// SPDX-License-Identifier: BSD-3-Clause
package io.mitogen.testkit.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mitogen.connect.Local;
import io.mitogen.core.Nullable;
import io.mitogen.core.call.Context;
import io.mitogen.core.call.ContextGoneException;
import io.mitogen.core.loop.Broker;
import io.mitogen.core.pickle.PickleWriter;
import io.mitogen.core.pickle.Secret;
import io.mitogen.core.testing.Eventually;
import io.mitogen.core.wire.Handles;
import io.mitogen.master.MasterRouter;
import io.mitogen.master.Mitogen;
import io.mitogen.parent.ConnectException;
import io.mitogen.testkit.life.Trees;
import io.mitogen.testkit.log.RecordedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A child that claims the ids of others: it gets no message that is for them, and cannot speak for them. The master has a
 * child, the cousin; the hostile child and its sibling, the victim, live below the parent that a subclass starts.
 */
@Timeout(120)
abstract class HostileRoutesContract {
    /** Functions of honest contexts. */
    static final class Honest {
        private Honest() {}

        static long pid() {
            return ProcessHandle.current().pid();
        }

        static String say(String word) {
            return word;
        }

        static int lengthOf(Secret secret) {
            return secret.reveal().length();
        }

        static void hang() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    private RecordedLog log;
    private Broker broker;
    private MasterRouter router;
    private Context relay;
    private Context cousin;
    private Context victim;
    private HostileChild hostile;
    private Context target;

    /** Returns the parent of the hostile child and of the victim; null for the master. */
    @Nullable
    abstract Context startRelay(MasterRouter router);

    final MasterRouter router() {
        return router;
    }

    final HostileChild hostile() {
        return hostile;
    }

    final Context victim() {
        return victim;
    }

    final Context cousin() {
        return cousin;
    }

    final Context relay() {
        return relay;
    }

    final int parentId() {
        return relay == null ? 0 : relay.id();
    }

    @BeforeEach
    void start() throws Exception {
        log = new RecordedLog(Level.INFO);
        broker = Mitogen.startBroker();
        router = new MasterRouter(broker);
        cousin = router.local();
        relay = startRelay(router);
        Local local = Local.create().name("victim");
        victim = router.connect(relay == null ? local : local.via(relay));
        hostile = new HostileChild(router, HostileChild.Dialect.PYTHON, relay);
        target = hostile.boot();
    }

    @AfterEach
    void stop() throws Exception {
        hostile.close();
        router.close();
        broker.close();
        log.close();
    }

    /** Tells the parent of a route, or of the loss of one. */
    final void tell(int handle, String text) throws IOException {
        hostile.send(parentId(), handle, 0, text.getBytes(UTF_8));
    }

    /** Waits until what was sent before has been handled, by all contexts up to the master; returns the frames that came meanwhile. */
    final List<HostileChild.Received> awaitHandled() throws IOException {
        List<HostileChild.Received> came = new ArrayList<>();
        for (int round = 0; round < 2; round++) { // in the second, the reactions to the first have come down
            came.addAll(hostile.awaitHandled(0));
        }
        return came;
    }

    /** Checks that the hostile child was sent nothing but refusals of its routes. */
    final void assertGotNothing() throws IOException {
        for (HostileChild.Received received : awaitHandled()) {
            assertEquals(Handles.DEL_ROUTE, received.handle(), () -> received.toString());
        }
    }

    final int askForIds() throws IOException {
        return hostile.askForIds();
    }

    final boolean isRouted(int id) {
        return Arrays.binarySearch(router.router().routedIds(), id) >= 0;
    }

    final void assertHonestAreUnharmed() {
        assertEquals("well", cousin.call(Honest::say, "well"));
        assertEquals("well", victim.call(Honest::say, "well"));
    }

    private void killVictim() throws Exception {
        Trees.signal("KILL", victim.call(Honest::pid));
        victim.gone().get(20, TimeUnit.SECONDS);
    }

    // == Honest announcements ==

    @Test
    void shouldBelieveItWhatItWasGrantedOnce() throws Exception {
        int first = askForIds();
        tell(Handles.ADD_ROUTE, first + ":below");
        awaitHandled();
        assertTrue(isRouted(first));
        hostile.write(HostileChild.frame(0, first, first, 77, 8002, new byte[0]));
        assertEquals("invalid handle", hostile.read().text());

        tell(Handles.DEL_ROUTE, "" + first);
        tell(Handles.ADD_ROUTE, first + ":again");
        awaitHandled();
        assertFalse(isRouted(first));
        assertHonestAreUnharmed();
    }

    // == Ids of others ==

    @Test
    void shouldSendNothingToAThiefOfTheIdOfAContextThatWasKilled() throws Exception {
        killVictim();
        for (int i = 0; i < 3; i++) {
            tell(Handles.ADD_ROUTE, victim.id() + ":victim");
            assertThrows(ContextGoneException.class, () -> victim.call(Honest::lengthOf, Secret.of("the password")));
            assertThrows(ContextGoneException.class, () -> router.context(victim.id())
                    .call(Honest::lengthOf, Secret.of("the password")));
            assertThrows(
                    ContextGoneException.class, () -> victim.callNoReply(Honest::lengthOf, Secret.of("the password")));
            assertThrows(ContextGoneException.class, () -> victim.send(1000, Secret.of("the password")));
            assertGotNothing();
        }
        assertFalse(isRouted(victim.id()));
    }

    @Test
    void shouldSayHowTheVictimEndedToEveryLaterCall() throws Exception {
        killVictim();
        String reason = victim.gone().get(20, TimeUnit.SECONDS);
        tell(Handles.ADD_ROUTE, victim.id() + ":victim");
        String message = assertThrows(ContextGoneException.class, () -> victim.call(Honest::pid))
                .getMessage();
        assertTrue(message.contains("the respondent Context has disconnected: " + reason + " at 2"), message);
        CompletionException later = assertThrows(
                CompletionException.class, () -> victim.callAsync(Honest::pid).join());
        assertInstanceOf(ContextGoneException.class, later.getCause());
        try (var chain = victim.chain()) {
            assertThrows(ContextGoneException.class, () -> chain.call(Honest::pid));
        }
        ConnectException failure = assertThrows(
                ConnectException.class, () -> router.connect(Local.create().via(victim)));
        assertEquals(ConnectException.Reason.VIA_GONE, failure.reason());
        assertGotNothing();
    }

    @Test
    void shouldLeaveTheWayToContextsThatLive() throws Exception {
        for (int i = 0; i < 20; i++) {
            for (Context other : List.of(cousin, victim)) {
                tell(Handles.ADD_ROUTE, other.id() + ":thief" + i);
                tell(Handles.DEL_ROUTE, "" + other.id());
            }
        }
        assertHonestAreUnharmed();
        assertGotNothing();
        assertHonestAreUnharmed();
        assertEquals("victim", victim.name().substring(victim.name().length() - 6));
    }

    @Test
    void shouldRefuseEveryIdThatIsNotItsToGive() throws Exception {
        int block = askForIds();
        int[] before = router.router().routedIds();
        List<Integer> ids = new ArrayList<>(idsOfOthers(block));
        ids.removeIf(id -> id >= block && id < block + 1000);
        for (int id : ids) {
            tell(Handles.ADD_ROUTE, Integer.toUnsignedString(id) + ":mine");
            assertGotNothing();
            assertArrayEquals(before, router.router().routedIds(), "context " + id);
            tell(Handles.DEL_ROUTE, Integer.toUnsignedString(id));
            assertGotNothing();
            assertArrayEquals(before, router.router().routedIds(), "context " + id);
        }
        assertHonestAreUnharmed();
    }

    /** Returns ids that nobody has, that others have, or will have, and of the far future. Its own block begins with {@code block}. */
    List<Integer> idsOfOthers(int block) {
        return List.of(
                0,
                parentId(),
                cousin.id(),
                victim.id(),
                hostile.id() + 1,
                block + 1000,
                block + 500_000,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                -1);
    }

    @Test
    void shouldOutliveAStormOfRoutes() throws Exception {
        int first = askForIds();
        for (int i = 0; i < 3000; i++) {
            tell(Handles.ADD_ROUTE, first + i % 1000 + ":x");
            tell(Handles.DEL_ROUTE, "" + (first + i % 1000));
            if (i % 300 == 0) {
                awaitHandled();
            }
        }
        assertGotNothing();
        assertFalse(isRouted(first + 5));
        assertHonestAreUnharmed();
    }

    // == Names of others ==

    @Test
    void shouldBelieveNothingThatItSaysInTheNameOfOthers() throws Exception {
        CompletableFuture<Void> pending = victim.callAsync(Honest::hang);
        tell(Handles.ADD_ROUTE, victim.id() + ":x");
        tell(Handles.ADD_ROUTE, cousin.id() + ":x");
        for (int id : new int[] {victim.id(), cousin.id(), parentId(), 0}) {
            for (int auth : new int[] {id, hostile.id()}) {
                hostile.write(HostileChild.frame(
                        0, id, auth, Handles.FORWARD_LOG, 0, "evil\00040\000forged".getBytes(UTF_8)));
                for (int handle = Handles.FIRST_DYNAMIC; handle < Handles.FIRST_DYNAMIC + 40; handle++) {
                    hostile.write(HostileChild.frame(0, id, auth, handle, 0, new byte[] {(byte) 0x80, 2, 'N', '.'}));
                }
            }
        }
        awaitHandled();
        assertFalse(log.all().stream().anyMatch(record -> record.getMessage().equals("forged")));
        assertFalse(pending.isDone());
        assertEquals("well", cousin.call(Honest::say, "well"));
    }

    @Test
    void shouldNotPassAnotherContextOffAsOneThatItStarted() throws Exception {
        String name = victim.name();
        int own = askForIds();
        for (int id : new int[] {victim.id(), cousin.id(), parentId(), hostile.id(), own}) {
            CompletableFuture<Context> attempt =
                    router.connectAsync(Local.create().python().via(target));
            HostileChild.Received call = hostile.read();
            assertEquals(Handles.CALL_FUNCTION, call.handle());
            Map<String, Object> outcome = new HashMap<>();
            outcome.put("id", id);
            outcome.put("name", "evil");
            outcome.put("msg", null);
            hostile.send(0, call.replyTo(), 0, PickleWriter.toBytes(outcome));
            CompletionException thrown =
                    assertThrows(CompletionException.class, () -> attempt.orTimeout(20, TimeUnit.SECONDS)
                            .join());
            ConnectException failure = assertInstanceOf(ConnectException.class, thrown.getCause());
            assertEquals(ConnectException.Reason.VIA_GONE, failure.reason(), "context " + id);
        }
        assertEquals(name, victim.name());
        assertHonestAreUnharmed();
    }

    // == Its own end ==

    @Test
    void shouldForgetAllThatWasBehindItWhenItEnds() throws Exception {
        int first = askForIds();
        tell(Handles.ADD_ROUTE, first + ":below");
        awaitHandled();
        hostile.close();
        target.gone().get(20, TimeUnit.SECONDS);
        Eventually.until(Trees.SOON, "its context is gone, too", () -> !isRouted(first));
        try (HostileChild heir = new HostileChild(router, HostileChild.Dialect.PYTHON, relay)) {
            heir.boot();
            heir.send(parentId(), Handles.ADD_ROUTE, 0, (first + 1 + ":heir").getBytes(UTF_8));
            heir.send(0, 77, 9000, new byte[0]);
            HostileChild.Received received = heir.read();
            while (received.handle() != 9000) {
                received = heir.read();
            }
            assertFalse(isRouted(first + 1));
        }
        assertHonestAreUnharmed();
    }
}
